"""What the database refuses, as a sentence beside the field that must change.

The tables themselves say what must not exist; this says it to people. The database's
own message is never shown: it may hold what somebody typed.
"""

import re
from typing import Any

from sqlalchemy.exc import IntegrityError

from models import Base
from portal.wording import lazy as _l

# name of the constraint → field, sentence
SENTENCES: dict[str, tuple[str, Any]] = {
    "uq_officer_username": ("username", _l("Nama pengguna ini sudah dipakai.")),
    "uq_code_item_list_name_code": ("code", _l("Kode ini sudah ada dalam daftar tersebut.")),
    "uq_partner_institution_name": ("name", _l("Lembaga dengan nama ini sudah ada.")),
    "uq_cue_pattern": ("pattern", _l("Kata ini sudah ada dalam daftar.")),
    "uq_day_off_day": ("day", _l("Tanggal ini sudah tercatat sebagai hari libur.")),
    "uq_safe_contact_person_id": (
        "person",
        _l("Kontak aman orang ini sudah ada; ubahlah yang ada."),
    ),
    "uq_victim_case_id_person_id": (
        "person",
        _l("Orang ini sudah tercatat sebagai korban pada kasus tersebut."),
    ),
    "ck_victim_of_something": ("case", _l("Pilih kasusnya.")),
    "ck_suspect_of_something": ("case", _l("Pilih kasusnya.")),
    "ck_attachment_of_something": ("case", _l("Pilih kasusnya.")),
    "ck_consent_grounded": (
        "given_on",
        _l("Isi tanggal persetujuan, atau dasar hukum tanpa persetujuan."),
    ),
    "ck_intervention_done_has_a_result": ("result", _l("Tuliskan hasil layanan yang selesai.")),
    "ck_intervention_done_has_a_date": ("done_on", _l("Isi tanggal layanan diberikan.")),
    "ck_referral_grounded": (
        "consent",
        _l("Pilih persetujuan korban, atau isi dasar hukum tanpa persetujuan."),
    ),
    "ck_referral_refusal_has_a_reason": ("state_reason", _l("Tuliskan alasan penolakan.")),
    "ck_service_complaint_answered": ("answer", _l("Tuliskan jawabannya.")),
}
UNKNOWN = _l("Data ini bertentangan dengan data lain, sehingga tidak disimpan. Periksa isiannya.")

_CHECK = re.compile(r"CHECK constraint failed: (\w+)")
_UNIQUE = re.compile(r"UNIQUE constraint failed: ([\w., ]+)")


def sentence(error: IntegrityError) -> tuple[str, Any]:
    """The field ("" for none) and the sentence for what the database refused."""
    return SENTENCES.get(name(error), ("", UNKNOWN))


def name(error: IntegrityError) -> str:
    """The constraint that was violated, by its name in the tables; "" if nobody says."""
    told = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return told or _on_sqlite(str(error.orig))


def _on_sqlite(message: str) -> str:
    """SQLite names checks, and of unique constraints only the columns."""
    if found := _CHECK.search(message):
        return found[1]
    if found := _UNIQUE.search(message):
        pairs = [column.strip().split(".") for column in found[1].split(",")]
        return "_".join(["uq", pairs[0][0], *(column for _table, column in pairs)])
    return ""


def names() -> set[str]:
    """The names of all constraints, so that a test can tell a misspelt one."""
    tables = Base.metadata.tables.values()
    return {str(one.name) for table in tables for one in table.constraints if one.name}
