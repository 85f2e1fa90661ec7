"""Production does not start on what everybody knows: demo sign-ins, made-up keys, a debugger."""

import secrets
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import click
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Officer
from portal import cli, environment, health, strength
from portal.config import Settings, SettingsError
from portal.protection import vault
from tests.conftest import SECRETS
from tests.platform.test_commands import flask
from tests.support.cast import Cast


def ring(*keys: bytes) -> str:
    return ",".join(f"k{n}:{b64encode(key).decode()}" for n, key in enumerate(keys))


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """An environment in which production starts."""
    return {
        "PORTAL_ENV": "production",
        "PORTAL_DATA": str(tmp_path),
        "PORTAL_SECRET_KEY": secrets.token_urlsafe(48),
        "PORTAL_VAULT_KEYS": vault.new_ring(),
        "PORTAL_PUBLIC_URL": "https://ruang-aman.example",
    }


SAME = sha256(b"the same every time: workers must agree on the names of tests").digest()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_SECRET_KEY", SECRETS["PORTAL_SECRET_KEY"]),
        ("PORTAL_SECRET_KEY", "abcdefghij0123456" * 4),
        ("PORTAL_SECRET_KEY", "Ganti-dengan-kunci-Anda-sendiri-1234567890"),
        ("PORTAL_SECRET_KEY", "My-Secret-Key-0123456789-for-production"),
        ("PORTAL_VAULT_KEYS", SECRETS["PORTAL_VAULT_KEYS"]),
        ("PORTAL_VAULT_KEYS", ring(bytes(32))),
        ("PORTAL_VAULT_KEYS", ring(b"\xff" * 32)),
        ("PORTAL_VAULT_KEYS", ring(bytes(range(255, 223, -1)))),
        ("PORTAL_VAULT_KEYS", ring(b"0123456789abcdef" * 2)),
        ("PORTAL_VAULT_KEYS", ring(b"kunci rumah aman kota kami 2026!")),
        ("PORTAL_VAULT_KEYS", ring(SAME, SAME)),
        ("PORTAL_PUBLIC_URL", "http://ruang-aman.example"),
        ("PORTAL_DEMO_PASSWORD", "lupa-dihapus"),
        ("FLASK_DEBUG", "1"),
        ("FLASK_DEBUG", "true"),
    ],
)
def test_what_can_be_guessed_is_refused_in_one_line(
    production: dict[str, str], name: str, value: str
) -> None:
    Settings.read(production)
    with pytest.raises(SettingsError, match=f"^{name}") as refused:
        Settings.read(production | {name: value})
    assert "\n" not in str(refused.value)
    assert value not in str(refused.value)


def test_the_debugger_may_be_named_to_be_off(production: dict[str, str]) -> None:
    assert Settings.read(production | {"FLASK_DEBUG": "0"})
    assert Settings.read(production | {"FLASK_DEBUG": "1", "PORTAL_ENV": "testing"})


def test_the_server_for_development_is_refused(production: dict[str, str]) -> None:
    app = Flask("portal")
    app.extensions["settings"] = Settings.read(production)
    with (
        click.Context(click.Command("run"), info_name="run"),
        pytest.raises(click.ClickException, match="in production use serve"),
    ):
        cli.init_cli(app)


@pytest.mark.parametrize("name", ["PORTAL_SECRET_KEY", "PORTAL_VAULT_KEYS"])
def test_the_secrets_of_the_demo_beside_it_are_refused(
    production: dict[str, str], tmp_path: Path, name: str
) -> None:
    demo = environment.demo_secrets(tmp_path)
    Settings.read(production)
    with pytest.raises(SettingsError, match=f"{name} is that of the demo"):
        Settings.read(production | {name: demo[name]})


def test_one_key_of_the_demo_among_others_is_found(
    production: dict[str, str], tmp_path: Path
) -> None:
    borrowed = environment.demo_secrets(tmp_path)["PORTAL_VAULT_KEYS"].split(",")[1].split(":")[1]
    mixed = f"{vault.new_key('k1')},lama:{borrowed}"
    with pytest.raises(SettingsError, match="PORTAL_VAULT_KEYS is that of the demo"):
        Settings.read(production | {"PORTAL_VAULT_KEYS": mixed})


@given(st.binary(min_size=32, max_size=32).filter(lambda key: len(set(key)) > 20))
def test_random_keys_pass(key: bytes) -> None:
    looks_typed = key.isascii() and key.decode().isprintable()
    assert looks_typed or not list(strength.ring_complaints(ring(key)))


def test_every_fault_is_told_by_check_at_once(tmp_path: Path) -> None:
    found = flask(
        tmp_path,
        "check",
        PORTAL_ENV="production",
        PORTAL_SECRET_KEY="x" * 40,
        PORT="delapan",
        FLASK_DEBUG="1",
    )
    assert found.returncode == 1
    assert found.stdout.splitlines() == ["FAIL PORT must be a whole number from 1 to 65535"]
    found = flask(tmp_path, "check", PORTAL_SECRET_KEY="x" * 40, FLASK_DEBUG="1")
    names = [line.split()[1] for line in found.stdout.splitlines()]
    assert names[:3] == ["PORTAL_SECRET_KEY", "PORTAL_VAULT_KEYS", "PORTAL_PUBLIC_URL"]
    assert names[-1] == "FLASK_DEBUG"


# --- the database --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [("serve",), ("worker", "--once")])
def test_a_database_that_is_not_ready_is_neither_served_nor_worked_on(
    production: dict[str, str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    refused = flask(tmp_path, *words, **production)
    assert refused.returncode == 1
    assert "Error: migrations: Behind: run `flask --app portal.app db upgrade`" in refused.stderr


def test_demo_sign_ins_stop_production_until_they_are_disabled(
    app: Flask, session: Session, cast: Cast, settings: Settings, production: dict[str, str]
) -> None:
    real = Settings.read(production | {"DATABASE_URL": settings.database_url})
    with app.app_context():
        assert health.troubles(real)["accounts"] == ""
        for name in ("petugas", "supervisor"):
            session.scalars(select(Officer).filter_by(username=name)).one().demo = True
        session.commit()
        told = [line for line in health.refusals(real) if line.startswith("accounts")]
        assert "demo sign-ins are active (petugas, supervisor)" in told[0]
        assert health.refusals(settings) == []
    for name in ("petugas", "supervisor"):
        assert app.test_cli_runner().invoke(args=["officer", "disable", name]).exit_code == 0
    with app.app_context():
        assert health.troubles(real)["accounts"] == ""
