"""The editable lists as people choose from them: codes with labels in the language in force."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CodeItem, Region, Setting
from portal.wording import language

LISTS = "daftar_kode"  # what each list is called
KECAMATAN, KELURAHAN = "kecamatan", "kelurahan"

Option = tuple[str, str]

# What the public site says until the office says otherwise: the published service standard.
OFFICE = {
    "office_name": (
        "Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan "
        "Keluarga Berencana Kota Malang"
    ),
    "office_short_name": "Dinsos-P3AP2KB Kota Malang",
    "office_address": "Jl. Raya Ki Ageng Gribig No. 5, Kota Malang 65139",
    "office_phone": "(0341) 717744",
    "office_email": "sos.p3ap2kb@gmail.com",
    "office_website": "sosdp3ap2kb.malangkota.go.id",
    "office_hours": "",
    "whatsapp_number": "",
    "emergency_numbers": (
        "112: Panggilan darurat (bebas pulsa)\n129: SAPA 129, layanan perempuan dan anak"
    ),
}


@dataclass(frozen=True)
class District:
    """A kecamatan and its kelurahan, each by official code."""

    code: str
    name: str
    villages: tuple[Option, ...]


def options(session: Session, list_name: str) -> list[Option]:
    """What may be chosen from a code list now: code and label, in the office's order."""
    wanted = select(CodeItem).where(CodeItem.list_name == list_name, CodeItem.active)
    ordered = wanted.order_by(CodeItem.position, CodeItem.id)
    found = [(item.code, _label(item)) for item in session.scalars(ordered)]
    return found + _unnamed(session) if list_name == LISTS else found


def _unnamed(session: Session) -> list[Option]:
    """Lists that nothing names: the office's own, or all while the newest names are not loaded."""
    used, named = select(CodeItem.list_name).distinct(), labels(session, LISTS)
    return [(name, name) for name in sorted(session.scalars(used)) if name not in named]


def labels(session: Session, list_name: str) -> dict[str, str]:
    """Every code of a list with its label, those no longer offered included."""
    wanted = select(CodeItem).where(CodeItem.list_name == list_name)
    return {item.code: _label(item) for item in session.scalars(wanted)}


def districts(session: Session) -> list[District]:
    """The kecamatan of the city in the order of their codes."""
    regions = session.scalars(select(Region).order_by(Region.name)).all()
    wards = [region for region in regions if region.level == KELURAHAN]
    return [
        District(
            code=region.code,
            name=region.name,
            villages=tuple((w.code, w.name) for w in wards if w.parent_code == region.code),
        )
        for region in sorted(regions, key=lambda region: region.code)
        if region.level == KECAMATAN
    ]


def office(session: Session) -> dict[str, str]:
    """What the office says of itself (name, address, telephones, hours), by key of the setting."""
    wanted = select(Setting).where(Setting.key.in_(OFFICE))
    return OFFICE | {setting.key: setting.value for setting in session.scalars(wanted)}


def _label(item: CodeItem) -> str:
    return item.label_en if language() == "en" else item.label
