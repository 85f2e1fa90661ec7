"""What the tests need of the system: Chromium, poppler, clamd and Dovecot, from apt when root.

Run by `make test`; without root it stops and names what is missing.
"""

import os
import shutil
import subprocess
import sys

NEEDED = {
    "chromium": ("chromium", "chromium-browser"),
    "poppler-utils": ("pdftotext",),
    "clamav-daemon": ("clamd",),
    "dovecot-imapd": ("dovecot",),
}


def missing() -> list[str]:
    """Names of packages none of whose programs is on the path."""
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])  # where daemons lie
    return [
        name
        for name, programs in NEEDED.items()
        if not any(shutil.which(program, path=places) for program in programs)
    ]


def install(packages: list[str]) -> None:
    """Install Debian packages without asking."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends"]):
        wanted = packages if command[0] == "install" else []
        subprocess.run(["apt-get", *command, *wanted], check=True, env=quiet)


def main() -> None:
    """Install what is missing, or say it and stop."""
    packages = missing()
    if not packages:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"The tests need these packages of the system: {' '.join(packages)}")
    install(packages)


if __name__ == "__main__":
    main()
