"""What is committed: no secret, rules that can fire, and a release whose parts are known."""

import json
import math
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.config import ROOT

# What key material looks like. The examples are put together so that this file is not one.
SECRETS = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY"),
    "AWS key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "GitHub token": re.compile(r"\b(?:gh[pousr]_\w{36,}|github_pat_\w{22,})"),
    "Slack token": re.compile(r"\bxox[abprs]-[\w-]{10,}"),
    "Meta token": re.compile(r"\bEAA[A-Za-z0-9]{40,}"),
    "JSON web token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "age key": re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{20,}"),
    "address with a password": re.compile(r"\b[a-z+]+://[^\s:/@{}]+:[^\s:/@{}]{3,}@"),
    "key of a ring": re.compile(r"(?<![\w+/=-])[\w-]{1,20}:([A-Za-z0-9+/]{43}=)"),
    "secret in a setting": re.compile(
        r"(?:SECRET|TOKEN|PASSWORD|KEYS?)[\"']?\s*[:=]\s*[\"']?([A-Za-z0-9_+/=-]{32,})"
    ),
}
# Digests of public packages, files whose bytes are not ours to write, and names of variables.
DIGESTS = {"requirements.txt", "requirements-dev.txt", "requirements-semgrep.txt"}
DIGESTS |= {"package-lock.json"}
NOT_TEXT = {".png", ".ico", ".mo", ".woff2", ".ttf", ".otf", ".pdf", ".jpg", ".webp", ".gz"}
KNOWN = {"hanya-untuk-uji-coba-0123456789-abcdef"}


def committed() -> list[Path]:
    """Every file of the repository."""
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("not a repository: nothing is committed here")
    return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def found_in(text: str) -> Iterator[str]:
    """Which secrets a text holds, by name."""
    for name, pattern in SECRETS.items():
        for match in pattern.finditer(text):
            secret = match[match.lastindex or 0]
            if secret not in KNOWN and (not match.lastindex or looks_random(secret)):
                yield name


def looks_random(text: str) -> bool:
    """More than four bits a character: no word, no path, no constant."""
    shares = (count / len(text) for count in Counter(text).values())
    return -sum(share * math.log2(share) for share in shares) > 4


def test_no_secret_is_in_the_tree() -> None:
    places = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in committed()
        if path.name not in DIGESTS and path.suffix not in NOT_TEXT
        for name in found_in(path.read_text(errors="replace"))
    ]
    assert places == [], "take it out, and make a new one: it is known now"


def test_no_file_that_holds_secrets_or_people_is_in_the_tree() -> None:
    private = re.compile(r"(^|/)(\.env.*|demo\.env|.*\.(sqlite3?|db|pem|key|p12|backup|dump))$")
    names = [path.relative_to(ROOT).as_posix() for path in committed()]
    assert [name for name in names if private.search(name)] == []


RANDOM = "q7Zk2LwX9vRt4BnM8sYc1DfG6hJp3KxW5aUe0TiOqZr="


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN EC PRIVATE " + "KEY-----",
        "AKIA" + "Q7ZK2LWX9VRT4BNM",
        "ghp_" + "q7Zk2LwX9vRt4BnM8sYc1DfG6hJp3KxW5aUe",
        "k1:" + RANDOM,
        "PORTAL_SECRET_KEY=" + RANDOM,
        '"WHATSAPP_TOKEN": "' + RANDOM,
        "postgresql+psycopg://portal:" + "s3kretnya@db.internal/portal",
    ],
)
def test_the_search_finds_what_it_is_made_for(text: str) -> None:
    assert list(found_in(text))


# --- our own rules, and what a release is made of ------------------------------------------------


RULES = sorted((ROOT / "tools" / "semgrep").glob("*.yaml"))


@pytest.mark.parametrize("rule", RULES, ids=lambda path: path.stem)
def test_every_rule_has_an_example_that_it_finds_and_one_that_it_lets_pass(rule: Path) -> None:
    examples = rule.with_suffix(".py").read_text()
    assert re.findall(r"- id: (\S+)", rule.read_text()) == [rule.stem]
    assert f"# ruleid: {rule.stem}\n" in examples
    assert f"# ok: {rule.stem}\n" in examples


def test_there_is_a_rule_for_each_way_around() -> None:
    assert {rule.stem for rule in RULES} == {
        "commit-on-get",
        "bulk-past-the-audit",
        "select-past-the-scope",
        "pdf-without-policy",
        "redirect-from-the-request",
        "file-name-from-the-request",
    }


def test_every_pinned_package_has_its_hashes() -> None:
    for name in DIGESTS - {"package-lock.json"}:
        lines = (ROOT / name).read_text().splitlines()
        pins = [number for number, line in enumerate(lines) if re.match(r"[a-z0-9].*==", line)]
        assert pins
        assert all("--hash=sha256:" in lines[number + 1] for number in pins), name


@pytest.mark.long
def test_the_bill_of_materials_names_every_part_and_is_the_same_twice(tmp_path: Path) -> None:
    first, second = (_bill(tmp_path / name) for name in ("one.json", "two.json"))
    assert first == second
    parts = {part["purl"] for part in json.loads(first)["components"] if "purl" in part}
    pins = re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "requirements.txt").read_text(), re.M)
    assert {f"pkg:pypi/{name}@{version}" for name, version in pins} <= parts
    assert any(part.startswith("pkg:npm/govuk-frontend@") for part in parts)
    assert any(part.startswith("pkg:npm/%40tabler/core@") for part in parts)


def _bill(target: Path) -> bytes:
    command = [sys.executable, "-m", "tools.sbom", str(target)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    return target.read_bytes()
