"""Letters in processes of their own, which may die, hang or be left alone."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portal.app import create_app
from portal.config import Settings
from portal.letters import RenderError, pdf, press
from portal.wording import speaking
from tests.letters import samples
from tests.support.waiting import PATIENCE, until

# Some seconds of work: enough to do something meanwhile.
LONG = samples.nota_terminasi(summary="\n".join(["Korban bercerita tentang rumahnya. " * 40] * 60))


@pytest.fixture(scope="module")
def one_process() -> Iterator[None]:
    """A press of one process, begun by one that Ctrl-C would reach."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    press.start(1)
    yield
    press.start(0)
    signal.signal(signal.SIGINT, before)


def processes() -> list[int]:
    """The processes of the press of this one."""
    found = press._press
    return [] if found is None else list(found.pool._processes or {})


def busy(process: int) -> bool:
    """It has had a fifth of a second of processor time more than a fresh one needs to stand."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return fields[0] == "R" and int(fields[11]) > 20


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def in_background(work: Callable[[], bytes]) -> Callable[[], bytes]:
    """Begin it; what is returned waits for its end and gives its answer."""
    answers: list[bytes] = []
    thread = threading.Thread(target=lambda: answers.append(work()))
    thread.start()

    def end() -> bytes:
        thread.join()
        return answers[0]

    return end


def test_without_processes_a_letter_is_set_where_it_is_asked_for() -> None:
    press.start(0)
    order = samples.surat_perintah()
    assert press.render("surat_perintah", order) == pdf.render("surat_perintah", order)
    assert processes() == []


@pytest.mark.usefixtures("one_process")
def test_another_process_gives_the_same_bytes() -> None:
    order = samples.surat_perintah()
    assert press.render("surat_perintah", order) == pdf.render("surat_perintah", order)
    assert len(processes()) == 1 and processes() != [os.getpid()]


@pytest.mark.usefixtures("one_process")
def test_what_is_wrong_with_a_letter_comes_back_in_the_language_that_was_asked_in() -> None:
    nota = samples.nota_terminasi(summary="RAHASIA SEKALI")
    del nota["closing"]
    for speech in ("id", "en"):
        with speaking(speech):
            with pytest.raises(RenderError) as here:
                pdf.render("nota_terminasi", nota)
            with pytest.raises(RenderError) as there:
                press.render("nota_terminasi", nota)
        assert str(there.value) == str(here.value)
        assert there.value.__cause__ is None and "RAHASIA" not in str(there.value)


@pytest.mark.usefixtures("one_process")
def test_ctrl_c_is_for_the_process_that_asks() -> None:
    press.render("surat_perintah", samples.surat_perintah())
    [child] = processes()
    status = Path(f"/proc/{child}/status").read_text()
    ignored = int(status.partition("SigIgn:")[2].split()[0], 16)
    assert ignored & 1 << signal.SIGINT - 1


@pytest.mark.usefixtures("one_process")
def test_a_process_that_is_killed_while_it_sets_a_letter_costs_nothing_but_time() -> None:
    press.render("surat_perintah", samples.surat_perintah())
    [victim] = processes()
    letter = in_background(lambda: press.render("nota_terminasi", LONG))
    until(lambda: busy(victim))
    os.kill(victim, signal.SIGKILL)
    assert letter().startswith(b"%PDF")
    assert victim not in processes() and not alive(victim)


def test_a_letter_that_takes_too_long_is_given_up_and_the_next_one_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(press, "LIMIT", 0.05)
    press.start(1)
    with pytest.raises(RenderError, match="terlalu lama"):
        press.render("nota_terminasi", LONG)
    worked = processes()
    with pytest.raises(RenderError, match="terlalu lama"):
        press.render("nota_terminasi", LONG)
    assert processes() == worked, "it gave up by itself"
    press.start(0)


DEAF = """
import time
from portal.letters import press
def deaf(*_):  # as C code that never comes back to Python
    while True:
        try:
            time.sleep(9)
        except BaseException:
            pass
press.pdf.render = deaf
press._limits = 0.1, 0.2
press._set("id", "surat_perintah", {}, None)
"""


def test_a_process_that_does_not_listen_is_killed() -> None:
    done = subprocess.run([sys.executable, "-c", DEAF], timeout=PATIENCE, check=False)
    assert done.returncode == -signal.SIGALRM


def test_after_some_letters_others_take_the_place_of_the_processes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(press, "LETTERS", 1)
    press.start(1)
    seen = []
    for _letter in range(2):
        press.render("surat_perintah", samples.surat_perintah())
        seen += processes()
    assert len(set(seen)) == 2
    until(lambda: not alive(seen[0]))
    press.start(0)


OFFICE = """
from portal.letters import press
from tests.letters.test_press import LONG
import threading, time
if __name__ == "__main__":
    press.start(1)
    threading.Thread(target=press.render, args=("nota_terminasi", LONG)).start()
    while not (press._press and press._press.pool._processes): time.sleep(0.02)
    print(*press._press.pool._processes, flush=True)
"""


def test_no_process_is_left_when_the_one_that_asks_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OFFICE], stdout=subprocess.PIPE, text=True
    ) as asks:
        assert asks.stdout
        [child] = map(int, asks.stdout.readline().split())
        until(lambda: busy(child))
        asks.kill()
    until(lambda: not alive(child))


def test_the_processes_know_neither_the_database_nor_the_web() -> None:
    code = "import sys, portal.letters.press; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"sqlalchemy", "models", "flask", "pyhanko"}.isdisjoint(done.stdout.split())


def test_the_application_says_how_many_processes_set_letters(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(press, "start", told.append)
    create_app(replace(settings, letter_workers=3))
    assert told == [3]


def test_everybody_asks_the_press() -> None:
    """Who set a letter on their own would keep every other request of their process waiting."""
    root = Path(press.__file__).parent.parent
    asking = [path for path in root.rglob("*.py") if "pdf.render(" in path.read_text()]
    assert {path.name for path in asking} == {"press.py"}
