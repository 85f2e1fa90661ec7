"""Several letters initialled and signed with one passphrase: a transaction each, a list of what
came of it.

While a signature is made no transaction is open: what is to be signed is read and stored first,
what came of it is kept afterwards, asked once more under a lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import current_app

from models import Letter, StepPart
from portal.access import scope
from portal.casework import signing, signing_certificates
from portal.casework.letter_acts import next_step
from portal.casework.lifecycle import Refused
from portal.config import Settings
from portal.db import READING
from portal.letters import progress, said, signers
from portal.letters.certificates import CertificateError
from portal.letters.signers import Signer
from portal.screens import edge, traces
from portal.screens.act_bulk import Outcome
from portal.screens.refusals import sentences
from portal.wording import _


@dataclass
class Round:
    """What came of each letter; `wrong` is what is wrong with passphrase or certificate."""

    outcomes: list[Outcome] = field(default_factory=list)
    wrong: str = ""

    @property
    def done(self) -> list[Outcome]:
        """The letters that went on."""
        return [one for one in self.outcomes if not one.stops]

    @property
    def refused(self) -> list[Outcome]:
        """Those that did not, with the reasons."""
        return [one for one in self.outcomes if one.stops]


def run(keys: Sequence[int], passphrase: str) -> Round:
    """Do the next step of each of these letters that is this officer's.

    Where passphrase or certificate is refused nothing further is signed.
    """
    found, pen = Round(), _Pen(passphrase)
    for key in keys:
        with sentences() as told:
            try:
                title = _step(key, pen)
            except CertificateError as error:
                edge.session().rollback()
                found.wrong = str(error)
                break
            finally:
                edge.session().info.pop(READING, None)
        found.outcomes.append(_outcome(key, told) if told else Outcome(key, title))
    return found


def needs_passphrase(keys: Sequence[int]) -> bool:
    """Whether one of these letters waits for an electronic signature of this officer."""
    rows = [one for key in keys if (one := _letter(key)) is not None]
    steps = [(one, next_step(one)) for one in rows if progress.electronic(one)]
    return any(step and step.part is StepPart.tanda_tangan for _one, step in steps)


class _Pen:
    """What this officer signs with, fetched with the first signature."""

    def __init__(self, passphrase: str) -> None:
        self.passphrase = passphrase
        self._signer: Signer | None = None

    def signer(self) -> Signer:
        """The same for the whole round."""
        if self._signer is None:
            settings: Settings = current_app.extensions["settings"]
            town = said.texts(edge.session())["letter_city"]
            self._signer, _row = signing_certificates.signer(
                edge.session(), edge.me(), settings, town
            )
        return self._signer


def _letter(key: int) -> Letter | None:
    try:
        return scope.fetch(edge.session(), Letter, key)
    except scope.NotVisible:
        return None


def _step(key: int, pen: _Pen) -> str:
    """Paraf or signature of one letter, committed; its number."""
    session, letter = edge.session(), _letter(key)
    if letter is None:
        raise Refused(edge.not_there())
    printed, step = letter.printed, next_step(letter)
    if step is not None and step.part is StepPart.paraf:
        signing.initial(session, letter, edge.me(), edge.now())
        session.commit()
    else:
        _sign(key, pen)
    return printed


def _sign(key: int, pen: _Pen) -> None:
    session = edge.session()
    session.rollback()
    session.info[READING] = True  # SQLite too locks nothing while the letter is read, or made
    sheet = signing.lay(session, _there(key), edge.me())
    signer = pen.signer()
    session.commit()
    now = edge.now()
    after, seal = signers.signed(signer, sheet.pdf, pen.passphrase, now)
    session.info.pop(READING, None)
    signing.conclude(session, _there(key), edge.me(), now, sheet, after, seal)
    session.commit()


def _there(key: int) -> Letter:
    letter = _letter(key)
    if letter is None:
        raise Refused(edge.not_there())
    return letter


def _outcome(key: int, told: list[str]) -> Outcome:
    """A refusal, noted in the log; of a row that is out of sight only that it is."""
    letter = _letter(key)
    if letter is None:
        return Outcome(key, _("Tidak dikenal"), told)
    traces.refused(letter, "sign")
    edge.session().commit()
    return Outcome(key, letter.printed, told)
