"""The second step: codes of an app (TOTP, RFC 6238) and recovery codes.

Passkeys are next door (`passkeys.py`). Secrets are sealed; every code counts
once; a code that was tried twice at the same moment counts for one of them.
(OWASP ASVS 5.0, 6.5 and 6.6)
"""

import hmac
import re
import secrets
from datetime import datetime
from typing import Any, cast

import pyotp
from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from models import Officer, SecondFactor
from portal.access import scope, sessions
from portal.access.sign_in import hash_password, matches
from portal.protection import audit

TOTP, PASSKEY, RECOVERY, NONE = "totp", "passkey", "recovery", "-"
ISSUER = "Ruang Aman"
STEP_SECONDS, STEPS_OFF = 30, 1
CODES = 10
# No letter and no figure that looks like another.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, GROUP = 3, 4


class WrongCode(ValueError):
    """What was shown proves nothing."""


class LastFactor(ValueError):
    """The officer must keep one."""


def demanded(officer: Officer, env: str) -> bool:
    """Whether this officer may not be without a second factor in this installation."""
    return env == "production" or (env == "demo" and not officer.demo)


# --- which ones there are -----------------------------------------------------------------


def of(session: Session, officer: Officer, *kinds: str) -> list[SecondFactor]:
    """The factors of `officer`, the oldest first; without `kinds` all but recovery codes."""
    wanted = select(SecondFactor).where(
        SecondFactor.officer_id == officer.id, SecondFactor.kind.in_(kinds or (TOTP, PASSKEY))
    )
    with scope.system(session):
        return list(session.scalars(wanted.order_by(SecondFactor.id)))


def codes_left(session: Session, officer: Officer) -> int:
    """How many recovery codes are still good."""
    count = select(func.count(SecondFactor.id)).where(
        SecondFactor.officer_id == officer.id, SecondFactor.kind == RECOVERY
    )
    with scope.system(session):
        return session.scalar(count) or 0


def add(session: Session, factor: SecondFactor, officer: Officer) -> None:
    """Store a proven factor, and say so in the log."""
    session.add(factor)
    session.flush()
    audit.record(session, "factor_added", officer, officer, kind=factor.kind)


def remove(session: Session, officer: Officer, number: int, env: str) -> None:
    """Take a factor away; with the last one go the recovery codes.

    Raises LookupError for a factor that is not this officer's and `LastFactor`
    where one must be kept.
    """
    factors = of(session, officer)
    mine = next((one for one in factors if one.id == number), None)
    if mine is None:
        raise LookupError(number)
    if len(factors) == 1:
        if demanded(officer, env):
            raise LastFactor
        _forget_codes(session, officer)
    session.delete(mine)
    audit.record(session, "factor_removed", officer, officer, kind=mine.kind)


def reset(session: Session, officer: Officer, actor: Officer | None, now: datetime) -> int:
    """Take every factor away and end every session: for a lost telephone. How many there were."""
    factors = of(session, officer)
    for one in [*factors, *of(session, officer, RECOVERY)]:
        session.delete(one)
    session.flush()
    sessions.revoke_all(session, officer, actor, now, "factor")
    for one in factors:
        audit.record(session, "factor_removed", actor, officer, kind=one.kind)
    return len(factors)


# --- codes of an app ------------------------------------------------------------------------


def new_secret() -> str:
    """160 random bits in base32, as apps want them."""
    return pyotp.random_base32()


def uri(officer: Officer, secret: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=officer.username, issuer_name=ISSUER)


def enrol_totp(session: Session, officer: Officer, secret: str, code: str, now: datetime) -> None:
    """Store the app of `officer` once it shows the right code; else `WrongCode`."""
    step = _step_of(secret, code, now, last=0)
    if step is None:
        raise WrongCode
    add(
        session,
        SecondFactor(officer_id=officer.id, kind=TOTP, secret=secret, counter=step),
        officer,
    )


def _step_of(secret: str, code: str, now: datetime, last: int) -> int | None:
    """The step of time this code belongs to: about now, and later than the `last` one used."""
    present = int(now.timestamp()) // STEP_SECONDS
    typed, totp = re.sub(r"\s", "", code), pyotp.TOTP(secret)
    fitting = [
        step
        for step in range(present - STEPS_OFF, present + STEPS_OFF + 1)
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode("utf-8", "replace"))
    ]
    return next((step for step in fitting if step > last), None)


# --- recovery codes ---------------------------------------------------------------------------


def make_codes(session: Session, officer: Officer) -> list[str]:
    """Ten fresh recovery codes, to be shown this once; older ones are void."""
    codes = [_new_code(number) for number in range(CODES)]
    hashed = [hash_password(_plain(code)) for code in codes]
    _forget_codes(session, officer)
    for number, secret in enumerate(hashed):
        row = SecondFactor(officer_id=officer.id, kind=RECOVERY, secret=secret, counter=number)
        session.add(row)
    session.flush()
    audit.record(session, "recovery_codes_made", officer, officer)
    return codes


def _new_code(number: int) -> str:
    """60 random bits behind the code's own number, which says which hash to compare with."""
    groups = ["".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS)]
    return "-".join([str(number), *groups])


def _plain(code: str) -> str:
    return re.sub(r"[\W_]", "", code).upper()


def _forget_codes(session: Session, officer: Officer) -> None:
    mine = (SecondFactor.officer_id == officer.id, SecondFactor.kind == RECOVERY)
    with scope.system(session):
        session.execute(delete(SecondFactor).where(*mine))


# --- proving it -------------------------------------------------------------------------------


def check(session: Session, officer: Officer, code: str, now: datetime) -> str:
    """The kind of factor that `code` proves, used up by this; else `WrongCode`, logged.

    The caller commits either way, and has counted the try before (`delays`).
    """
    figures = re.sub(r"\s", "", code)
    is_app = len(figures) == 6 and figures.isascii() and figures.isdigit()
    proven = (
        _by_app(session, officer, figures, now) if is_app else _by_recovery(session, officer, code)
    )
    if not proven:
        audit.record(session, "factor_failed", None, officer)
        raise WrongCode
    return TOTP if is_app else RECOVERY


def _by_app(session: Session, officer: Officer, code: str, now: datetime) -> bool:
    return any(_use_step(session, one, code, now) for one in of(session, officer, TOTP))


def _use_step(session: Session, factor: SecondFactor, code: str, now: datetime) -> bool:
    step = _step_of(factor.secret, code, now, factor.counter)
    return step is not None and advance(session, factor, step, now)


def advance(session: Session, factor: SecondFactor, counter: int, now: datetime) -> bool:
    """Move a factor's counter on; False where somebody else was faster."""
    before = SecondFactor.counter == factor.counter
    moved = update(SecondFactor).where(SecondFactor.id == factor.id, before)
    with scope.system(session):
        done = session.execute(moved.values(counter=counter, used_at=now))
    return cast(CursorResult[Any], done).rowcount == 1


def _by_recovery(session: Session, officer: Officer, code: str) -> bool:
    plain = _plain(code)
    number = int(plain[0]) if plain[:1].isascii() and plain[:1].isdigit() else -1
    known = [one for one in of(session, officer, RECOVERY) if one.counter == number]
    if not any(matches(one.secret, plain) for one in known):
        return False
    with scope.system(session):
        gone = session.execute(delete(SecondFactor).where(SecondFactor.id == known[0].id))
    if cast(CursorResult[Any], gone).rowcount != 1:
        return False
    left = codes_left(session, officer)
    audit.record(session, "recovery_code_used", officer, officer, left=left)
    return True
