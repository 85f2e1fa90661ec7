"""Debian's own clamd, with one signature made by hand: it starts without a download."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.waiting import until

PROGRAM = shutil.which("clamd") or "/usr/sbin/clamd"
SIGN = b"TANDA-VIRUS-REKAAN-RUANG-AMAN"
NAME = "Rekaan.Uji"
SETTINGS = """
LocalSocket {folder}/clamd.sock
DatabaseDirectory {folder}/signs
TemporaryDirectory {folder}
LogFile {folder}/log
Foreground yes
User {user}
StreamMaxLength {most}
AlertExceedsMax yes
MaxThreads 2
"""


class Clamd:
    """One daemon that can be stopped and started again at the same place."""

    def __init__(self, folder: Path, most: str = "30M") -> None:
        self.folder, self.process = folder, None
        (folder / "signs").mkdir()
        (folder / "signs" / "own.ndb").write_text(f"{NAME}:0:*:{SIGN.hex()}\n")
        user = os.environ.get("USER") or "root"
        (folder / "conf").write_text(SETTINGS.format(folder=folder, user=user, most=most))
        self.url = f"unix://{folder}/clamd.sock"

    process: "subprocess.Popen[bytes] | None"

    def start(self) -> None:
        """Run it and wait until it answers."""
        self.process = subprocess.Popen(
            [PROGRAM, "--config-file", str(self.folder / "conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: self._ended() or self._answers())
        assert not self._ended(), self._log()

    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.connect(f"{self.folder}/clamd.sock")
            line.sendall(b"zPING\0")
            return line.recv(10).startswith(b"PONG")
        return False

    def _log(self) -> str:
        with contextlib.suppress(OSError):
            return (self.folder / "log").read_text()[-2_000:]
        return "no log"

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture(scope="module")
def clamd() -> Iterator[Clamd]:
    """A running daemon, for the tests of one file."""
    folder = Path(tempfile.mkdtemp(prefix="clamd-"))  # a socket's path must be short
    daemon = Clamd(folder)
    daemon.start()
    yield daemon
    daemon.stop()
    shutil.rmtree(folder, ignore_errors=True)
