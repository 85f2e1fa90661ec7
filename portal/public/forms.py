"""The steps of the complaint form as forms: questions, hints, and the little that is checked.

The first question is how to reach the reporter safely. Nothing is compulsory that a frightened
person may not know; what is checked is what would otherwise be useless (a number nobody can
call) or impossible (a date that does not exist).
"""

from collections.abc import Iterable
from typing import Any

from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.casework.contact_words import UNKNOWN
from portal.channels.web import BY_PHONE
from portal.indonesia import nik
from portal.public.checks import is_age, is_email, is_phone
from portal.public.fields import (
    Choice,
    DateParts,
    Hour,
    Lists,
    Menu,
    Place,
    PlainForm,
    Ticks,
    YesNo,
    line,
    story,
    uploads,
)
from portal.wording import _
from portal.wording import lazy as _l

NIK_HINT = _l("16 angka pada KTP, KIA, atau Kartu Keluarga. Kosongkan bila tidak hafal.")
ATTACHED, LATER, NONE = "dilampirkan", "menyusul", "tidak_ada"
CARD = (
    (ATTACHED, _l("Saya kirim sekarang")),
    (LATER, _l("Menyusul")),
    (NONE, _l("Saya tidak punya kartu identitas")),
)


class ContactForm(PlainForm):
    """How to reach the reporter without harm."""

    channel = Choice(
        _l("Bagaimana kami boleh menghubungi Anda?"),
        "contact_channel",
        _l(
            "Kami hanya memakai cara yang Anda pilih, dan tidak menulis isi laporan di sana. Lewat "
            "halaman lacak berarti: Anda sendiri yang membuka situs ini dengan kode rahasia."
        ),
        but=UNKNOWN,
    )
    phone = line(
        _l("Nomor telepon atau WhatsApp"),
        _l("Hanya bila aman. Contoh: 0812 3456 7890"),
        [is_phone],
        inputmode="tel",
    )
    email = line(_l("Alamat surel (e-mail)"), _l("Hanya bila aman."), [is_email], inputmode="email")
    shared_phone = YesNo(
        _l("Apakah orang lain dapat membuka atau memakai telepon Anda?"),
        _l("Misalnya pasangan, orang tua, atau anak yang tahu kuncinya."),
    )

    def validate_phone(self, field: Any) -> None:
        """A way that was chosen needs its number."""
        if self.channel.data in BY_PHONE and not field.data:
            raise ValidationError(_("Tulis nomornya, atau pilih cara lain di atas."))

    def validate_email(self, field: Any) -> None:
        """A way that was chosen needs its address."""
        if self.channel.data == "email" and not field.data:
            raise ValidationError(_("Tulis alamat surelnya, atau pilih cara lain di atas."))


class SafetyForm(PlainForm):
    """When, with which word, and past whom the reporter may be reached."""

    days = Ticks(_l("Hari apa kami boleh menghubungi?"), "hari", _l("Kosongkan bila setiap hari."))
    from_time = Hour(_l("Mulai pukul"))
    until_time = Hour(_l("Sampai pukul"))
    code_word = line(
        _l("Kata sandi kita"),
        _l(
            "Satu kata yang kami sebut lebih dahulu, agar Anda tahu bahwa itu benar kami. "
            "Misalnya nama bunga."
        ),
    )
    who_may_answer = line(
        _l("Siapa lagi yang boleh menjawab?"),
        _l("Misalnya kakak, Siti. Kepada orang lain kami tidak akan berkata apa-apa."),
    )
    letter_allowed = YesNo(_l("Bolehkah surat dikirim ke rumah?"))
    visit_allowed = YesNo(_l("Bolehkah petugas datang ke rumah?"))
    notes = story(_l("Hal lain agar Anda tetap aman"), rows=2)


class ReporterForm(PlainForm):
    """Who tells."""

    relation = Menu(_l("Anda melapor sebagai apa?"), "reporter_relation", but=UNKNOWN)
    name = line(_l("Nama Anda"), _l("Boleh nama panggilan atau nama samaran, boleh kosong."))
    nik = line(_l("NIK Anda"), NIK_HINT, inputmode="numeric")
    sex = Choice(_l("Jenis kelamin Anda"), "sex")
    address = story(_l("Alamat Anda"), _l("Bila aman dituliskan."), rows=2, most=1000)
    region = Place(_l("Kelurahan tempat tinggal Anda"))


class VictimForm(PlainForm):
    """One person who is harmed."""

    name = line(_l("Nama"), _l("Boleh nama panggilan, boleh kosong."))
    sex = Choice(_l("Jenis kelamin"), "sex")
    age = line(_l("Perkiraan umur"), _l("Dalam tahun."), [is_age], inputmode="numeric")
    born = DateParts(_l("Tanggal lahir, bila tahu"), _l("Contoh: 17 8 2012"), whole=True)
    nik = line(_l("NIK"), NIK_HINT, inputmode="numeric")
    disabilities = Ticks(
        _l("Apakah penyandang disabilitas?"), "disabilitas", _l("Boleh pilih lebih dari satu.")
    )
    address = story(_l("Alamat atau tempat tinggal sekarang"), rows=2, most=1000)
    region = Place(_l("Kelurahan"))
    condition = story(
        _l("Keadaannya sekarang"),
        _l("Misalnya luka, tempat ia berada, dan bila masih anak: siapa yang mengasuhnya."),
        rows=3,
    )


class EventForm(PlainForm):
    """What happened."""

    danger_now = YesNo(_l("Apakah ada orang yang sedang dalam bahaya sekarang?"))
    narrative = story(
        _l("Apa yang terjadi?"),
        _l("Ceritakan dengan kata-kata Anda sendiri. Satu kalimat pun cukup."),
        rows=10,
    )
    violence_kinds = Ticks(
        _l("Bentuk kekerasan"),
        "bentuk_kekerasan",
        _l("Boleh pilih lebih dari satu. Kosongkan bila ragu."),
    )


class WhenWhereForm(PlainForm):
    """When and where."""

    when = DateParts(
        _l("Kapan terjadi?"),
        _l("Tulis yang Anda tahu: boleh hanya bulan dan tahun, atau hanya tahun."),
    )
    time_of_day = Menu(_l("Pada waktu apa?"), "time_of_day")
    place_kind = Menu(_l("Di tempat seperti apa?"), "tempat_kejadian")
    region = Place(_l("Di kelurahan mana?"))
    place = line(_l("Nama tempat atau alamatnya"))


class SuspectForm(PlainForm):
    """One person who is said to have done it."""

    relation = Menu(_l("Apa hubungannya dengan korban?"), "hubungan_pelaku")
    name = line(_l("Nama, bila tahu"), _l("Boleh nama panggilan."))
    sex = Choice(_l("Jenis kelamin"), "sex")
    age = line(_l("Perkiraan umur"), _l("Dalam tahun."), [is_age], inputmode="numeric")
    same_household = YesNo(_l("Apakah ia tinggal serumah dengan korban?"))
    description = story(
        _l("Hal lain tentang orang ini"),
        _l("Misalnya pekerjaan, tempat tinggal, ciri-ciri, atau apakah ia memegang senjata."),
        rows=3,
    )


class WishForm(PlainForm):
    """What is hoped for, and who knows already."""

    wishes = story(_l("Apa yang Anda harapkan dari kami?"), rows=4)
    previously_reported = Ticks(
        _l("Sudah pernah dilaporkan ke mana?"),
        "previously_reported",
        _l("Boleh pilih lebih dari satu."),
    )


class Card(Choice):
    """Now, later, or none: everybody can answer that."""

    def offer(self, known: Lists) -> Iterable[SelectChoice]:
        """The three answers."""
        return (SelectChoice(code, str(label)) for code, label in CARD)


class FilesForm(PlainForm):
    """The identity card, and whatever else shows what happened."""

    card = Card(_l("Kartu identitas (KTP, KIA, SIM, kartu pelajar, atau Kartu Keluarga)"))
    card_files = uploads(_l("Foto atau pindaian kartu identitas"))
    card_reason = line(
        _l("Bila menyusul, mengapa?"), _l("Singkat saja, misalnya: kartu ada di rumah.")
    )
    other_files = uploads(
        _l("Foto, rekaman, tangkapan layar, atau berkas lain"),
        _l("Bila ada dan bila aman Anda simpan. Boleh pilih beberapa berkas sekaligus."),
    )
    has_card = False
    """Whether a card was handed in, now or before; set by the step."""

    def validate_card(self, field: Any) -> None:
        """The standard asks for a card, so its absence is said, not overlooked."""
        if not field.data and not self.has_card:
            raise ValidationError(
                _("Pilih salah satu: dikirim sekarang, menyusul, atau tidak ada.")
            )

    def validate_card_files(self, field: Any) -> None:
        """A card that is said to be here is here."""
        if self.card.data == ATTACHED and not self.has_card:
            raise ValidationError(
                _("Pilih berkas kartunya, atau pilih \u201cmenyusul\u201d di atas.")
            )

    def validate_card_reason(self, field: Any) -> None:
        """Later is welcome; why tells the officer what to help with."""
        if self.card.data == LATER and not field.data:
            raise ValidationError(_("Tulis alasannya singkat saja, misalnya: kartu ada di rumah."))


class MessageForm(PlainForm):
    """Something more from the reporter."""

    text = story(_l("Pesan Anda"), rows=5)
    card_files = uploads(_l("Kartu identitas, bila tadi belum dikirim"))
    other_files = uploads(_l("Berkas lain"))


class ComplaintForm(PlainForm):
    """A complaint about the service itself."""

    body = story(
        _l("Apa yang kurang baik pada layanan kami?"),
        _l(
            "Jangan tulis isi kasus di sini. Cukup tentang layanan: kapan, di mana, apa masalahnya."
        ),
        rows=8,
    )
    name = line(_l("Nama Anda"), _l("Boleh dikosongkan."))
    contact = line(
        _l("Telepon atau surel Anda"),
        _l("Boleh dikosongkan: jawaban kami dapat Anda baca dengan nomor dan kode."),
    )

    def validate_body(self, field: Any) -> None:
        """The one thing without which there is no complaint."""
        if not field.data:
            raise ValidationError(_("Tulis pengaduan Anda, satu kalimat pun cukup."))


def nik_warnings(form: PlainForm) -> list[str]:
    """What is odd about the NIK in `form`; it never stops anybody."""
    number = getattr(form, "nik", None)
    if number is None or not number.data:
        return []
    born = form["born"].data if "born" in form else None
    day = born.first_day if born and born.day else None
    return nik.warnings(number.data, day, form["sex"].data or None)
