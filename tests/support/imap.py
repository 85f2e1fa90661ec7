"""Debian's own Dovecot: a real mailbox, a folder of files, that starts in a moment."""

import getpass
import grp
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from portal import post
from portal.config import Settings
from portal.queue import Away
from tests.support.mail import PASSWORD, USER, free_port
from tests.support.waiting import until

PROGRAM = shutil.which("dovecot") or "/usr/sbin/dovecot"
HOST = "127.0.0.1"
SETTINGS = """
protocols = imap
listen = {host}
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
"""


class Dovecot:
    """One server with one mailbox, that can be stopped and started again."""

    process: "subprocess.Popen[bytes] | None" = None

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port(HOST)
        root = os.geteuid() == 0
        me = getpass.getuser()
        owner = pwd.getpwnam("nobody" if root else me)
        internal, login = ("dovecot", "dovenull") if root else (me, me)
        facts = {
            "group": grp.getgrgid(pwd.getpwnam(internal).pw_gid).gr_name,
            "uid": owner.pw_uid,
            "gid": owner.pw_gid,
        }
        self.new = folder / "mail" / "new"
        for name in ("new", "cur", "tmp"):
            (folder / "mail" / name).mkdir(parents=True)
        for one in (folder, folder / "mail", *(folder / "mail").iterdir()):
            os.chown(one, owner.pw_uid, owner.pw_gid)
        text = SETTINGS.format(
            folder=folder,
            host=HOST,
            port=self.port,
            password=PASSWORD,
            internal=internal,
            login=login,
            **facts,
        )
        (folder / "conf").write_text(text)
        self.owner, self.count = owner, 0
        self.url = f"imap://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@{HOST}:{self.port}"

    def start(self) -> None:
        """Run it and wait until it lets us in."""
        words = [PROGRAM, "-F", "-c", str(self.folder / "conf")]
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: self._ended() or self._lets_in())
        assert not self._ended(), (self.folder / "log").read_text()[-2_000:]

    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _lets_in(self) -> bool:
        settings = Settings.__new__(Settings)
        object.__setattr__(settings, "imap_url", self.url)
        try:
            post.probe_in(settings)
        except Away:
            return False
        return True

    def stop(self) -> None:
        """End it and its children."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def drop(self, *mails: bytes) -> None:
        """Put mails into the mailbox, as a delivery agent does: written aside, then renamed."""
        for raw in mails:
            self.count += 1
            name = f"{int(time.time())}.{self.count:06d}.uji"
            aside = self.folder / "mail" / "tmp" / name
            aside.write_bytes(raw)
            os.chown(aside, self.owner.pw_uid, self.owner.pw_gid)
            aside.rename(self.new / name)

    def seen(self) -> list[str]:
        """The names of mails that somebody has looked at."""
        folder = self.folder / "mail" / "cur"
        return [one.name for one in folder.iterdir() if "S" in one.name.rpartition(",")[2]]

    def empty(self) -> None:
        """An empty mailbox under another UIDVALIDITY."""
        for one in (self.folder / "mail").rglob("*"):
            if one.is_file():
                one.unlink()


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    """A running server, for the tests of one file."""
    folder = Path(tempfile.mkdtemp(prefix="imap-"))  # paths of its sockets must be short
    server = Dovecot(folder)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)
