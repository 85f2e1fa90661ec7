"""Invented people and what they report.

Nobody here can be real: numbers of telephones come from a block that is not given out
(0812-0000-xxxx), and NIK and family cards begin with 99, which no province has.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from portal.casework.arrival import Accused, Arrival, ContactFacts, Harmed, PersonFacts
from portal.indonesia.dates import local_date
from seed import load, texts
from seed.texts import Theme

WOMEN = """
Aisyah Anggun Ayu Bulan Cempaka Citra Dahlia Dewi Diah Eka Endah Fitri Gita Hana Indah Intan Kartika
Kenanga Lestari Lintang Maya Melati Nirmala Nur Puspita Putri Rahayu Ratih Retno Rini Sekar Siti
Suci Tari Utami Wulan Yuni Zahra
"""
MEN = """
Adi Agung Aji Arif Bagas Banyu Bayu Cahyo Danang Dimas Eko Fajar Galih Gilang Hendra Imam Jaka
Joko Krisna Lukman Nanang Panji Rangga Rizky Satria Slamet Surya Tegar Umar Wahyu Yoga Zainal
"""
FAMILY = """
Anggoro Baskoro Darmawan Gunawan Handayani Hartono Iskandar Kurniawan Kusuma Laksana Mahardika
Nugroho Pamungkas Permata Pranata Prasetyo Purnama Puspa Saputra Santika Setiawan Sudarmo Sutejo
Utama Wibowo Wicaksono Widodo Wijaya Yulianto
"""
STREETS = "Melati Kenanga Mawar Anggrek Cempaka Flamboyan Teratai Dahlia Bougenvil Seruni"
JOBS = ("ibu_rumah_tangga", "swasta_buruh", "pedagang_tani_nelayan", "tidak_bekerja", "lainnya")
RELIGIONS = ("islam",) * 8 + ("kristen", "katolik", "hindu", "tidak_diketahui")
SCHOOLS = ((5, "paud_tk"), (12, "sd"), (15, "smp"), (17, "sma"))
GIRLS_AMONG_CHILDREN = 0.7
NIK_KNOWN, NAME_KNOWN = 0.45, 0.7
AT_ANY_HOUR = (*("website",) * 5, *("whatsapp",) * 4, *("telepon",) * 3, "media_sosial", "email")
IN_OFFICE_HOURS = (*AT_ANY_HOUR, *("datang_langsung",) * 6, *("rujukan",) * 2)
TOLD_BY = {True: ("orang_tua", "guru", "tetangga", "keluarga"), False: ("korban_sendiri",) * 3}
HOURS = ("pagi", "siang", "sore", "malam", "tidak_diketahui")


def _choice(dice: Random, names: str) -> str:
    return dice.choice(names.split())


def phone(dice: Random) -> str:
    """A number nobody has."""
    return f"+628120000{dice.randrange(10_000):04d}"


def nik(dice: Random, born: date, woman: bool) -> str:
    """Sixteen digits whose region cannot exist."""
    town, serial = dice.randrange(1, 100), dice.randrange(1, 10_000)
    return f"99{town:02d}01{born.day + 40 * woman:02d}{born:%m%y}{serial:04d}"


def name(dice: Random, woman: bool) -> str:
    """First and family name."""
    return f"{_choice(dice, WOMEN if woman else MEN)} {_choice(dice, FAMILY)}"


def address(dice: Random) -> str:
    """A street that many towns have, and a number."""
    road, house = _choice(dice, STREETS), dice.randrange(1, 90)
    return f"Jl. {road} No. {house}, RT {dice.randrange(1, 9):02d} RW {dice.randrange(1, 9):02d}"


def village(dice: Random) -> str:
    """The code of a kelurahan of the city."""
    codes = [row["code"] for row in load.rows(load.REGIONS) if row["level"] == "kelurahan"]
    return dice.choice(codes)


def person(dice: Random, age: int, woman: bool, on: date) -> PersonFacts:
    """Somebody of this age on the day `on`, as completely as an office usually knows them."""
    born = on - timedelta(days=age * 365 + age // 4 + dice.randrange(1, 300))
    education, occupation, marital_status = _standing(dice, age)
    return PersonFacts(
        name=name(dice, woman),
        sex="perempuan" if woman else "laki_laki",
        birth_date=born,
        nik=nik(dice, born, woman) if dice.random() < NIK_KNOWN else None,
        address=address(dice),
        region_code=village(dice),
        phone=phone(dice) if age > 12 else None,
        religion=dice.choice(RELIGIONS),
        citizenship="wni",
        education=education,
        occupation=occupation,
        marital_status=marital_status,
    )


def _standing(dice: Random, age: int) -> tuple[str, str, str]:
    """Education, occupation and marital status that go with an age."""
    school = next((code for oldest, code in SCHOOLS if age <= oldest), None)
    if school:
        return school, "pelajar" if age > 5 else "tidak_bekerja", "belum_menikah"
    learnt = dice.choice(("sd", "smp", "sma", "sma", "perguruan_tinggi"))
    bound = dice.choice(("menikah", "menikah", "belum_menikah", "duda_janda"))
    return learnt, dice.choice(JOBS), bound


def arrival(
    dice: Random, theme: Theme, at: datetime, channel: str, again: PersonFacts | None = None
) -> Arrival:
    """A report of `theme` that arrives at the aware time `at`; `again`: a victim known before."""
    day = local_date(at) - timedelta(days=dice.choice((0, 0, 1, 2, 4, 9, 20, 45)))
    victims = _victims(dice, theme, day)
    relation = dice.choice(TOLD_BY[theme.child])
    told_by_victim = relation == "korban_sendiri"
    first = replace(victims[0], person=again or victims[0].person, is_reporter=told_by_victim)
    return Arrival(
        channel=channel,
        reporter=None if told_by_victim else _teller(dice, day),
        relation=relation,
        safe_contact=_safe_contact(dice),
        victims=[first, *victims[1:]],
        suspects=[_suspect(dice, theme, day)],
        narrative=texts.INVENTED + theme.narrative.format(victim=first.person.name),
        wishes=dice.choice(texts.WISHES),
        incident_date=day,
        incident_precision="hari",
        incident_time=dice.choice(HOURS),
        place_kind=theme.place,
        place=None if theme.place == "daring" else address(dice),
        region_code=None if theme.place == "daring" else village(dice),
        violence_kinds=theme.kinds,
        previously_reported=dice.choice((("belum_pernah",), ("polisi",), ("rt_rw_kelurahan",))),
        danger_now=dice.random() < 0.1,
        identity_card="menyusul",
        identity_card_reason="Akan dibawa saat bertemu petugas.",
        consents_to_processing=True,
    )


def _victims(dice: Random, theme: Theme, on: date) -> list[Harmed]:
    count = 2 if dice.random() < 0.12 else 1
    return [_victim(dice, theme, on) for _ in range(count)]


def _victim(dice: Random, theme: Theme, on: date) -> Harmed:
    woman = not theme.child or dice.random() < GIRLS_AMONG_CHILDREN
    age = dice.randrange(4, 18) if theme.child else dice.randrange(19, 58)
    return Harmed(person=person(dice, age, woman, on), violence_kinds=theme.kinds)


def _teller(dice: Random, on: date) -> PersonFacts:
    return person(dice, dice.randrange(25, 60), dice.random() < 0.7, on)


def _suspect(dice: Random, theme: Theme, on: date) -> Accused:
    known = dice.random() < NAME_KNOWN
    someone = person(dice, dice.randrange(20, 60), woman=False, on=on)
    return Accused(
        person=PersonFacts(name=someone.name, sex=someone.sex) if known else PersonFacts(),
        relation=dice.choice(theme.relations) if known else "tidak_diketahui",
        same_household=theme.home if known else None,
        description=None if known else "Identitas belum diketahui pelapor.",
    )


def _safe_contact(dice: Random) -> ContactFacts:
    channel = dice.choice(("whatsapp", "telepon", "lewat_lacak", "lewat_orang_lain"))
    if channel == "lewat_lacak":
        return ContactFacts(channel=channel, letter_allowed=False, visit_allowed=False)
    return ContactFacts(
        channel=channel,
        address=phone(dice),
        days=_days(dice),
        from_time=time(9),
        until_time=time(15),
        code_word=dice.choice((None, "pesanan kue", "jadwal arisan")),
        shared_phone=dice.random() < 0.3,
        letter_allowed=False,
        visit_allowed=dice.random() < 0.2,
    )


def _days(dice: Random) -> Sequence[str]:
    return dice.choice(((), ("senin", "rabu", "jumat"), ("selasa", "kamis")))
