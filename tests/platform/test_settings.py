"""Settings refuse nonsense aloud, and say which one it is."""

import stat
from base64 import b64encode
from pathlib import Path

import pytest

from portal import config, environment
from portal.config import Settings, SettingsError
from portal.protection import vault

KEY = vault.new_key("k1")
GOOD = {
    "PORTAL_ENV": "production",
    "PORTAL_SECRET_KEY": "rX3-kunci-yang-panjang-dan-acak-9fQ2",
    "PORTAL_VAULT_KEYS": KEY,
    "PORTAL_PUBLIC_URL": "https://ruang-aman.example",
}


def test_production_starts_with_everything_in_place() -> None:
    assert Settings.read(GOOD).idle_minutes == 15


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_ENV", "prod"),
        ("PORTAL_SECRET_KEY", ""),
        ("PORTAL_SECRET_KEY", "a" * 64),
        ("PORTAL_SECRET_KEY", "short"),
        ("PORTAL_VAULT_KEYS", ""),
        ("PORTAL_VAULT_KEYS", "k1:AAAA"),
        ("PORTAL_VAULT_KEYS", "k1:" + b64encode(bytes(32)).decode()),
        ("PORTAL_VAULT_KEYS", "not a ring"),
        pytest.param("PORTAL_VAULT_KEYS", f"{KEY},{KEY}", id="a key twice"),
        ("PORTAL_PUBLIC_URL", "http://ruang-aman.example"),
        ("PORTAL_PUBLIC_URL", "ruang-aman.example"),
        ("PORTAL_DEMO_PASSWORD", "lupa-dihapus"),
        ("DATABASE_URL", "mysql://localhost/portal"),
        ("PORTAL_FILES_URL", "s3://bucket"),
        ("PORT", "70000"),
        ("PORT", "delapan"),
        ("PORTAL_IDLE_MINUTES", "0"),
        ("PORTAL_UPLOAD_MEGABYTES", "-1"),
        ("PORTAL_PROXIES", "many"),
        ("PORTAL_SECRETKEY", "a slip of the pen"),
        pytest.param("WHATSAPP_APP_SECRET", f"{'7' * 32},baru", id="a weak second secret"),
        pytest.param("PORTAL_TELEPHONE_TOKEN", "pendek,", id="a weak token and a comma"),
        pytest.param(
            "SMTP_URL", "smtp://kantor:ra/hasia@surat.example", id="a slash in a password"
        ),
    ],
)
def test_a_missing_or_weak_setting_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} ") as refused:
        Settings.read(GOOD | {name: value})
    assert "\n" not in str(refused.value) and "'ra'" not in str(refused.value)


def test_secrets_are_not_shown_with_the_settings() -> None:
    shown = repr(Settings.read(GOOD))
    assert GOOD["PORTAL_SECRET_KEY"] not in shown
    assert KEY not in shown


def test_the_demo_makes_its_secrets_once_and_keeps_them_private(tmp_path: Path) -> None:
    demo = {"PORTAL_ENV": "demo", "PORTAL_DATA": str(tmp_path / "var")}
    first, second = environment.environment(demo), environment.environment(demo)
    assert first == second
    assert first.demo_password
    kept = tmp_path / "var" / config.DEMO_SECRETS
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_the_demo_password_can_be_chosen(tmp_path: Path) -> None:
    chosen = {"PORTAL_ENV": "demo", "PORTAL_DATA": str(tmp_path), "PORTAL_DEMO_PASSWORD": "pilihan"}
    assert environment.environment(chosen).demo_password == "pilihan"


def test_without_a_word_a_folder_of_the_demo_is_the_demo_and_any_other_is_production(
    tmp_path: Path,
) -> None:
    place = {"PORTAL_DATA": str(tmp_path)}
    with pytest.raises(SettingsError):
        environment.environment(place)
    environment.demo_secrets(tmp_path)
    assert environment.environment(place).demo
