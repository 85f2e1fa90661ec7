"""The known cast: who works in the office of the tests. All of them are invented."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from models import Officer, Role

PASSWORD = "kata-sandi-untuk-uji-coba"
# As little work as Argon2 allows: thousands of sign-ins, each of which would cost forty times as
# much with the portal's own. What that one asks of an attacker is looked at in tests/access.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD_HASH = CHEAP.hash(PASSWORD)


@dataclass(frozen=True)
class Cast:
    """Officers by first name. Ratna and Dewi are the colleagues who must see nothing (yet)."""

    sari: Officer
    ratna: Officer
    budi: Officer
    dewi: Officer
    joko: Officer
    maya: Officer
    lestari: Officer
    hadi: Officer
    admin: Officer
    auditor: Officer
    admin2: Officer

    def __iter__(self) -> Iterator[Officer]:
        return (getattr(self, field.name) for field in fields(self))


_PEOPLE = {
    "sari": ("petugas", "Sari Wulandari", Role.petugas, "Petugas Pengaduan"),
    "ratna": ("petugas2", "Ratna Puspita", Role.petugas, "Petugas Pengaduan"),
    "budi": ("supervisor", "Budi Santoso", Role.supervisor, "Kepala Seksi"),
    "dewi": ("supervisor2", "Dewi Anggraini", Role.supervisor, "Kepala Seksi"),
    "joko": ("penjangkau", "Joko Prasetyo", Role.penjangkau, "Petugas Penjangkauan"),
    "maya": ("konselor", "Maya Kusuma", Role.konselor, "Konselor"),
    "lestari": ("pendamping", "Lestari Handayani", Role.pendamping, "Pendamping Hukum"),
    "hadi": ("pimpinan", "Hadi Purnomo", Role.pimpinan, "Kepala Dinas"),
    "admin": ("admin", "Agus Wijaya", Role.admin, "Administrator"),
    "auditor": ("auditor", "Indah Permata", Role.auditor, "Inspektorat"),
    "admin2": ("admin2", "Rudi Hartono", Role.admin, "Administrator"),
}


def make_cast(session: Session) -> Cast:
    """The cast as rows, committed; everybody's password is `PASSWORD`."""
    people = {key: _officer(*facts) for key, facts in _PEOPLE.items()}
    session.add_all(people.values())
    session.commit()
    return Cast(**people)


def _officer(username: str, name: str, role: Role, position: str) -> Officer:
    return Officer(
        username=username, name=name, role=role, position=position, password_hash=PASSWORD_HASH
    )
