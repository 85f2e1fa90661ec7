"""What a text on somebody else's phone must not say: who writes, and what it is about.

A phone that is shared, or of which nobody knows, may be read by whoever she is afraid of. There a
text names neither the office nor the matter, carries no link and no number of ours. Words are
data; how people hide them (capitals, digits for letters, letters set apart, accents) is undone
before they are looked for. `portal.casework.contact` asks this for every text that leaves.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

from portal.wording import lazy as _l

Finding = tuple[str, str]  # code of the obstacle, the word that was found

# Found inside of longer words as well (pelaporan, dilaporkan, kekerasannya).
OFFICE = (
    *("ruang aman", "dinas sosial", "dinsos", "perlindungan perempuan", "perlindungan anak"),
    *("pemberdayaan perempuan", "p3ap2kb", "p2tp2a", "puspaga", "komnas", "pemkot", "pemerintah"),
    *("dinas", "kantor", "petugas", "konselor", "konseling", "pendamping", "penjangkau"),
    *("psikolog", "pengacara", "kemensos", "kementerian", "rumah aman", "shelter", "counsel"),
    *("sapa 129", "sapa129"),
)
MATTER = (
    *("kekerasan", "lecehkan", "pelecehan", "perkosa", "cabul", "aniaya", "siksa", "telantar"),
    *("dipukul", "memukul", "pemukulan", "ancam", "eksploitasi", "perdagangan orang", "korban"),
    *("pelaku", "tersangka", "lapor", "pengaduan", "mengadu", "kasus", "visum", "polisi"),
    *("polres", "polsek", "polda", "kejaksaan", "pengadilan", "sidang", "hukum", "pidana"),
    *("cerai", "penyidik", "penanganan", "terminasi", "monitoring", "rujukan", "perlindungan"),
    *("violen", "abuse", "victim", "police", "report", "assault", "harass", "court"),
)
# Short or ambiguous ones only as words of their own, with the endings that Indonesian adds.
OFFICE_ALONE = ("upt", "uptd", "ppa", "wcc", "lpa", "lbh")
MATTER_ALONE = (
    *("kdrt", "kbg", "kbgo", "kbgs", "tpks", "tppo", "bap", "aduan", "saksi", "jaksa"),
    *("rape", "case"),
)
ENDINGS = r"(?:nya|mu|ku|kan|an|i|lah|kah)?"

LINK = re.compile(r"https?://|www\.|\b[a-z0-9-]{2,}\.(?:id|com|org|net|info|me|co|ly|link)\b", re.I)
OURS = re.compile(r"\b(?:LP|KS|PL)\s*-?\s*\d{4}\s*-?\s*\d{3,}", re.I)
LETTER = r"[^\W_]"
APART = re.compile(rf"(?<!{LETTER}){LETTER}(?:[\W_]{{1,3}}{LETTER}(?!{LETTER})){{2,}}")
BETWEEN = re.compile(r"(?<=[a-z0-9])[-._*'\u2019]+(?=[a-z0-9])")
DISGUISES = str.maketrans("0134567@$!|", "oieasgtasii")
TWICE = re.compile(r"(.)\1+")
FEWEST_DIGITS = 5

# What can be said on any phone. Nothing here tells who writes or why.
NEUTRAL = {
    "cek": _l("Halo, yang ditunggu sudah ada. Silakan dicek kalau sempat, ya."),
    "waktu": _l("Halo, kapan ada waktu untuk mengobrol sebentar?"),
    "kabari": _l("Selamat siang. Tolong kabari kalau sudah luang, ya."),
    "janji": _l("Halo, jadi bertemu sesuai rencana? Kalau berubah, kabari saja."),
    "ingat": _l("Halo, sekadar mengingatkan janji kita. Balas kalau waktunya cocok."),
    "telepon": _l("Halo, boleh saya telepon? Kalau ya, jam berapa enaknya?"),
}


def findings(text: str, own: Iterable[str] = ()) -> list[Finding]:
    """What in `text` gives the office or the matter away, each word once.

    Args:
        own: the office's own names, addresses and numbers, as its settings have them.
    """
    found = [one for look in (_words, _links) for one in look(text)]
    found += [("text_office", name) for name in own if _names(text, name)]
    return list(dict.fromkeys(found))


def _words(text: str) -> list[Finding]:
    forms = _forms(text)
    return [
        (code, word)
        for code, words, pattern in VOCABULARY
        for word in words
        if any(pattern(word).search(form) for form in forms)
    ]


def _links(text: str) -> list[Finding]:
    marks = (("text_link", LINK), ("text_number", OURS))
    return [(code, match[0]) for code, pattern in marks for match in pattern.finditer(text)]


def _forms(text: str) -> set[str]:
    """The text as it stands and with every disguise taken off, one by one and together."""
    plain = _plain(text)
    joined = APART.sub(lambda match: re.sub(r"[\W_]", "", match[0]), plain)
    bare = BETWEEN.sub("", joined).translate(DISGUISES)
    return {plain, joined, bare, TWICE.sub(r"\1", bare)}


def _plain(text: str) -> str:
    """Small letters without accents, invisible signs or strange blanks."""
    spread = unicodedata.normalize("NFKD", text)
    kept = (c for c in spread if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return " ".join("".join(kept).casefold().split())


def _inside(word: str) -> re.Pattern[str]:
    return re.compile(r"[\W_]+".join(map(re.escape, word.split())))


def _alone(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z]){re.escape(word)}{ENDINGS}(?![a-z])")


VOCABULARY: tuple[tuple[str, tuple[str, ...], Callable[[str], re.Pattern[str]]], ...] = (
    ("text_office", OFFICE, _inside),
    ("text_matter", MATTER, _inside),
    ("text_office", OFFICE_ALONE, _alone),
    ("text_matter", MATTER_ALONE, _alone),
)


def _names(text: str, name: str) -> bool:
    """Whether `text` holds one of the office's own names or numbers, however it is written."""
    digits = _digits(name).lstrip("0")  # the country code may stand before it, or not
    if len(digits) >= FEWEST_DIGITS and not any(map(str.isalpha, name)):
        return digits in _digits(text)
    known = _plain(name)
    return len(known) > len("abc") and any(known in form for form in _forms(text))


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def neutral() -> list[tuple[str, str]]:
    """The canned texts: code and words in the language in force."""
    return [(code, str(words)) for code, words in NEUTRAL.items()]
