"""The words of safe contact: channels, days, and what can be against reaching somebody."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.wording import lazy as _l

FETCHED, NEVER, UNKNOWN = "lewat_lacak", "jangan_dihubungi", "tidak_diketahui"
LETTER, VISIT, TRUSTED = "surat", "kunjungan", "lewat_orang_lain"
CHANNELS = {
    "telepon": _l("telepon"),
    "whatsapp": _l("WhatsApp"),
    "sms": _l("SMS"),
    "email": _l("surel (e-mail)"),
    LETTER: _l("surat"),
    VISIT: _l("kunjungan"),
    FETCHED: _l("hanya lewat halaman lacak"),
    TRUSTED: _l("lewat orang yang dipercaya"),
    NEVER: _l("jangan dihubungi"),
    UNKNOWN: _l("belum diketahui"),
}
# What an officer can do to reach somebody; the other codes of the agreement lead nowhere.
OUTGOING = ("telepon", "whatsapp", "sms", "email", LETTER, VISIT, TRUSTED)
WRITTEN = frozenset({"whatsapp", "sms", "email", TRUSTED})
DAYS = {
    "senin": _l("Senin"),
    "selasa": _l("Selasa"),
    "rabu": _l("Rabu"),
    "kamis": _l("Kamis"),
    "jumat": _l("Jumat"),
    "sabtu": _l("Sabtu"),
    "minggu": _l("Minggu"),
}
DAY_CODES = tuple(DAYS)
TO_THE_HOME = {LETTER: "letter_allowed", VISIT: "visit_allowed"}

# Codes are stored with each attempt; the sentences of the moment are made from the agreement.
OBSTACLES = {
    "not_asked": _l("cara yang aman belum ditanyakan"),
    "never": _l("minta tidak dihubungi"),
    "other_channel": _l("cara lain yang disepakati"),
    "closed_window": _l("di luar waktu yang aman"),
    "no_letter": _l("surat tidak boleh ke rumah"),
    "no_visit": _l("petugas tidak boleh ke rumah"),
    "text_office": _l("teks menyebut kantor"),
    "text_matter": _l("teks menyebut masalahnya"),
    "text_link": _l("teks memuat tautan"),
    "text_number": _l("teks memuat nomor laporan atau kasus"),
}

# What somebody other than the one who is meant may see or hear, whatever the text says.
CAUTIONS = {
    "whatsapp": _l(
        "WhatsApp sendiri memperlihatkan nama dan foto akun pengirim, dan daftar obrolan serta "
        "layar terkunci memperlihatkan awal pesan. Pakai hanya akun yang namanya netral."
    ),
    "sms": _l("Layar terkunci memperlihatkan nomor pengirim dan awal SMS."),
    "email": _l("Alamat dan nama pengirim serta judul surel terlihat sebelum surel dibuka."),
    "telepon": _l("Nomor kantor tetap tercatat dalam riwayat panggilan. Jangan tinggalkan pesan."),
    LETTER: _l("Pakai amplop polos tanpa kop dan tanpa cap kantor."),
    VISIT: _l("Datang tanpa seragam dan tanpa kendaraan dinas yang dikenali."),
    TRUSTED: _l("Katakan kepada perantara hanya kapan dan ke mana ia diminta menghubungi."),
}

# A moment is checked against days and hours, a day against days, None against neither.
Moment = datetime | date | None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a way of reaching somebody is closed: the code kept, the sentence told."""

    code: str
    sentence: str


TOLD_OF_TEXT = {
    "text_office": _l("Teks menyebut kantor: %(words)s."),
    "text_matter": _l("Teks menyebut masalahnya: %(words)s."),
    "text_link": _l("Teks memuat tautan: %(words)s."),
    "text_number": _l("Teks memuat nomor laporan atau kasus: %(words)s."),
}
