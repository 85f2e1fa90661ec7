"""Who works in the demo's office: the sign-ins of the demo, all of them invented."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Officer, Role

# User name (the role, with a digit for the second one), name, position, rank.
OFFICERS = (
    ("petugas", "Sari Wulandari, S.Sos.", "Petugas Pengaduan", "Penata Muda (III/a)"),
    ("petugas2", "Ratna Puspita", "Petugas Pengaduan", "Pengatur (II/c)"),
    ("supervisor", "Budi Santoso, M.Si.", "Kepala UPT PPA", "Penata Tingkat I (III/d)"),
    ("supervisor2", "Dewi Anggraini, S.H.", "Supervisor Kasus", "Penata (III/c)"),
    ("penjangkau", "Joko Prasetyo", "Petugas Penjangkauan", "Pengatur (II/c)"),
    ("konselor", "Maya Kusuma, M.Psi.", "Konselor", "Penata Muda (III/a)"),
    ("konselor2", "Nina Larasati, S.Psi.", "Konselor", "Penata Muda (III/a)"),
    ("pendamping", "Lestari Handayani, S.H.", "Pendamping Hukum dan Sosial", "Penata (III/c)"),
    ("pimpinan", "Hadi Purnomo, M.M.", "Kepala Dinas", "Pembina (IV/a)"),
    ("admin", "Agus Wijaya", "Pengelola Sistem Informasi", "Pengatur (II/c)"),
    ("auditor", "Indah Permata", "Auditor Inspektorat", "Penata (III/c)"),
    ("admin2", "Rudi Hartono", "Pengelola Sistem Informasi", "Pengatur (II/c)"),
)
USERNAMES = tuple(username for username, *_ in OFFICERS)
NIP = "19850000 201000 0 {number:03d}"  # nobody is born in month 00


def add(session: Session) -> dict[str, Officer]:
    """The demo's officers by user name, made where they do not exist yet; without password."""
    known = {one.username: one for one in session.scalars(select(Officer))}
    for number, (username, name, position, rank) in enumerate(OFFICERS, 1):
        if username not in known:
            known[username] = Officer(
                username=username,
                name=name,
                role=Role(username.rstrip("0123456789")),
                position=position,
                rank=rank,
                nip=NIP.format(number=number),
                demo=True,
            )
            session.add(known[username])
    session.flush()
    return {username: known[username] for username in USERNAMES}
