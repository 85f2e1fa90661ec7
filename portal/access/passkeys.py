"""Passkeys (WebAuthn level 2): registered for this site alone, with their counter checked.

The challenge is random, kept with the session and good for one answer. Private
keys never leave the officer's device; what is stored opens nothing elsewhere.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import webauthn
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from models import Officer, SecondFactor
from portal.access import factors
from portal.access.factors import PASSKEY, WrongCode
from portal.protection import audit, vault

PREFERRED = UserVerificationRequirement.PREFERRED
CHOICE = AuthenticatorSelectionCriteria(
    resident_key=ResidentKeyRequirement.PREFERRED, user_verification=PREFERRED
)
LONGEST_ANSWER = 20_000


@dataclass(frozen=True, slots=True)
class Site:
    """For whom keys are made: the host people type, and the origin browsers state."""

    host: str
    origin: str


def _known(session: Session, officer: Officer) -> list[tuple[SecondFactor, dict[str, str]]]:
    return [(one, json.loads(one.secret)) for one in factors.of(session, officer, PASSKEY)]


def _descriptors(session: Session, officer: Officer) -> list[PublicKeyCredentialDescriptor]:
    keys = [key for _row, key in _known(session, officer)]
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key["id"])) for key in keys]


def _lookup(credential: str) -> str:
    return vault.keyed_hash("passkey", credential).hex()


# --- a new one ------------------------------------------------------------------------------


def creation(session: Session, officer: Officer, site: Site) -> tuple[str, str]:
    """What the browser is asked for a new key (JSON), and the challenge in it."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=factors.ISSUER,
        user_id=officer.uuid.bytes,
        user_name=officer.username,
        authenticator_selection=CHOICE,
        exclude_credentials=_descriptors(session, officer),
    )
    return webauthn.options_to_json(options), bytes_to_base64url(options.challenge)


def enrol(
    session: Session, officer: Officer, site: Site, challenge: str, answer: str, label: str
) -> None:
    """Store the key of the browser's `answer` to `challenge`; else `WrongCode`."""
    try:
        made = webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, RecursionError):
        raise WrongCode from None
    key = {
        "id": bytes_to_base64url(made.credential_id),
        "key": bytes_to_base64url(made.credential_public_key),
    }
    row = SecondFactor(
        officer_id=officer.id,
        kind=PASSKEY,
        label=label,
        secret=json.dumps(key),
        lookup=_lookup(key["id"]),
        counter=made.sign_count,
    )
    factors.add(session, row, officer)


def _read(answer: str) -> dict[str, Any]:
    found = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    if not isinstance(found, dict):
        raise ValueError("no answer of a browser")
    return found


# --- proving it -------------------------------------------------------------------------------


def request(session: Session, officer: Officer, site: Site) -> tuple[str, str]:
    """What the browser is asked to sign (JSON), and the challenge in it."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        allow_credentials=_descriptors(session, officer),
        user_verification=PREFERRED,
    )
    return webauthn.options_to_json(options), bytes_to_base64url(options.challenge)


def check(
    session: Session, officer: Officer, site: Site, challenge: str, answer: str, now: datetime
) -> str:
    """The kind of factor where `answer` signs `challenge` with a key of `officer`.

    Else `WrongCode`, logged; also for a key that was copied (its counter went back).
    The caller commits either way.
    """
    try:
        given = _read(answer)
        row, key = next(pair for pair in _known(session, officer) if pair[1]["id"] == given["id"])
        proven = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(key["key"]),
            credential_current_sign_count=row.counter,
        )
        good = factors.advance(session, row, proven.new_sign_count, now)
    except (WebAuthnException, ValueError, TypeError, KeyError, StopIteration, RecursionError):
        good = False
    if not good:
        audit.record(session, "factor_failed", None, officer)
        raise WrongCode
    return PASSKEY
