"""Serving: the production web server, and the family of processes behind `make run`."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FAMILIES = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}
CHECK_SECONDS = 0.2
GRACE_SECONDS = 10
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class PortTaken(Exception):
    """Somebody else listens there."""


def loopback(port: int) -> list[str]:
    """The addresses behind both `127.0.0.1` and `localhost`, as gunicorn binds them.

    Raises PortTaken with one clear line.
    """
    addresses = [_address(family, host, port) for family, host in FAMILIES.items()]
    return [address for address in addresses if address]


def _address(family: int, host: str, port: int) -> str | None:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if family == socket.AF_INET:
            advice = f"Port {port} cannot be used ({error.strerror}): PORT=8001 make run"
            raise PortTaken(advice) from None
        return None  # a machine without IPv6 still has a localhost
    return f"[{host}]:{port}" if family == socket.AF_INET6 else f"{host}:{port}"


class WebServer(BaseApplication):
    """gunicorn with an application that is already made."""

    def __init__(self, app: "WSGIApplication", **options: Any) -> None:
        self.app = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options given; gunicorn reads no file and no command line."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> "WSGIApplication":
        """The application, made before the fork."""
        return self.app


def behind_proxies(app: Flask, count: int) -> "WSGIApplication":
    """`app`, believing what the last `count` proxies say of address and scheme, and no others."""
    return ProxyFix(app, x_for=count, x_proto=count) if count else app


def serve(app: Flask, bind: Sequence[str], processes: int, threads: int, proxies: int = 0) -> None:
    """Serve `app` until told to stop, behind so many reverse proxies."""
    WebServer(
        behind_proxies(app, proxies),
        bind=list(bind),
        workers=processes,
        threads=threads,
        worker_class="gthread",
        timeout=60,
        graceful_timeout=GRACE_SECONDS,
        forwarded_allow_ips="",
        loglevel="warning",
        proc_name="ruang-aman",
    ).run()


# --- several processes as one ------------------------------------------------------------


def start(commands: Sequence[Sequence[str]]) -> list[subprocess.Popen[bytes]]:
    """Run `flask --app portal.app <command>` for each, in sessions of their own.

    Ctrl-C then reaches the parent alone, which stops them in order.
    """
    flask = [sys.executable, "-m", "flask", "--app", "portal.app"]
    return [
        subprocess.Popen([*flask, *command], start_new_session=True)  # noqa: S603 our own words
        for command in commands
    ]


def wait(children: Sequence[subprocess.Popen[bytes]], ready: Callable[[], bool]) -> int:
    """Stay until Ctrl-C, SIGTERM or the end of any child, then stop the others.

    `ready` is asked until it says yes. Returns the exit code: 0 when told to stop.
    """
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    before = {number: signal.signal(number, stop) for number in STOPPING}
    announced = False
    while not stopping and all(child.poll() is None for child in children):
        announced = announced or ready()
        time.sleep(CHECK_SECONDS)
    stop_all(children)
    for number, handler in before.items():
        signal.signal(number, handler)
    return 0 if stopping else 1


def stop_all(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask each child to end; after a grace, end its whole session."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)


def listening(port: int) -> bool:
    """Whether somebody answers on the loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
