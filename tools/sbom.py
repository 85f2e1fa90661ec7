"""The bill of materials of a release: `python -m tools.sbom TARGET` (make sbom).

CycloneDX 1.6 in JSON: every pinned Python package with its hashes, and every npm
package that the committed style sheets and scripts were built from. The same
sources give the same bytes: no time, no serial number.
"""

import json
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
# What the pages are made of; the other packages only build it.
SHIPPED = ("@tabler/core", "@tabler/icons", "govuk-frontend", "tom-select")
HASHES = {"sha512": "SHA-512", "sha384": "SHA-384", "sha256": "SHA-256"}


def bill() -> dict[str, Any]:
    """Everything a release consists of."""
    found = python_packages()
    parts = {one["bom-ref"]: one for one in (*found["components"], *npm_packages())}
    return found | {"components": [parts[name] for name in sorted(parts)]}


def python_packages() -> dict[str, Any]:
    """The bill of `requirements.txt`."""
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", "--output-reproducible"]
    words = ["--pyproject", "pyproject.toml", "--sv", "1.6", "--of", "JSON", "requirements.txt"]
    done = subprocess.run([*command, *words], cwd=ROOT, check=True, capture_output=True)
    bill: dict[str, Any] = json.loads(done.stdout)
    return bill


def npm_packages() -> Iterator[dict[str, Any]]:
    """Every package of `package-lock.json`; what only builds is out of the scope of a release."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    shipped = _reached(packages)
    for place, about in sorted(packages.items(), key=lambda one: one[0] in shipped):
        if place:
            name = place.rpartition("node_modules/")[2]
            yield _component(name, about, "required" if place in shipped else "excluded")


def _reached(packages: dict[str, Any]) -> set[str]:
    """The places of what is shipped and of all that it needs."""
    found: set[str] = set()
    waiting = [f"node_modules/{name}" for name in SHIPPED]
    while waiting:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            waiting += [_nearest(packages, place, need) for need in _needs(packages[place])]
    return found


def _needs(about: dict[str, Any]) -> list[str]:
    return [*about.get("dependencies", ())]


def _nearest(packages: dict[str, Any], place: str, name: str) -> str:
    """Where Node would find `name` from `place`: its own folder first, then outwards."""
    while place:
        inner = f"{place}/node_modules/{name}"
        if inner in packages:
            return inner
        place = place.rpartition("/node_modules/")[0]
    return f"node_modules/{name}"


def _component(name: str, about: dict[str, Any], scope: str) -> dict[str, Any]:
    version = about["version"]
    address = f"pkg:npm/{quote(name, safe='/')}@{version}"
    algorithm, _, digest = about["integrity"].partition("-")
    licence = {"licenses": [{"license": {"name": about["license"]}}]} if "license" in about else {}
    return {
        "bom-ref": address,
        "type": "library",
        "name": name,
        "version": version,
        "scope": scope,
        "purl": address,
        "hashes": [{"alg": HASHES[algorithm], "content": b64decode(digest).hex()}],
        **licence,
    }


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bill(), indent=1, ensure_ascii=False) + "\n")
