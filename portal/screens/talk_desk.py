"""The acts on a conversation as pages: form, function, and what they are called."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import Conversation, Officer
from portal.casework import talk_acts, talk_identity, talk_merging
from portal.screens import act_forms
from portal.screens.act import Act, Words
from portal.screens.talk_act_forms import (
    HandOverForm,
    IdentityForm,
    LabelForm,
    LinkForm,
    MergeForm,
    SnoozeForm,
    SplitForm,
    UnlinkForm,
)
from portal.screens.talk_texts import ACTS as NAMES
from portal.wording import _
from portal.wording import lazy as _l

# --- from form to function ----------------------------------------------------------------------


def _bare(act: Any, with_version: bool = False) -> Any:
    def do(
        db: Session, talk: Any, who: Officer, at: datetime, form: Any, version: int | None
    ) -> None:
        act(db, talk, who, at, **({"version": version} if with_version else {}))

    return do


def _with(act: Any, *names: str, with_version: bool = False) -> Any:
    """The function with answers of the form, in this order."""

    def do(
        db: Session, talk: Any, who: Officer, at: datetime, form: Any, version: int | None
    ) -> None:
        said = [_answer(form, name) for name in names]
        act(db, talk, who, at, *said, **({"version": version} if with_version else {}))

    return do


def _answer(form: Any, name: str) -> Any:
    if name in ("about", "into", "chosen"):
        return getattr(form, name)
    return form.to.chosen if name == "to" else form[name].data


def _snooze(
    db: Session, talk: Any, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    talk_acts.snooze(db, talk, who, at, form.moment(at), form.reason.data, version)


def _unlink(
    db: Session, talk: Any, who: Officer, at: datetime, form: Any, version: int | None
) -> None:
    talk_acts.unlink(db, talk, who, at, form.known[form.number.data])


def _facts(talk: Conversation, officer: Officer) -> dict[str, Any]:
    """Why it is said to be no complaint, for who is to agree."""
    if talk.dismissed_at is None or talk.dismissed_by is None:
        return {"facts": []}
    pairs = [
        (_("Diusulkan oleh"), talk.dismissed_by.name),
        (_("Alasan"), talk.dismissal_reason or ""),
    ]
    return {"facts": pairs}


CONFIRM, REASON = act_forms.ConfirmForm, act_forms.ReasonForm
ACTS: Mapping[str, Act] = {
    "take": Act(CONFIRM, _bare(talk_acts.take), _l("Percakapan menjadi tanggung jawab Anda.")),
    "take_over": Act(
        REASON,
        _with(talk_acts.take_over, "reason"),
        _l("Petugas yang memegangnya diberi tahu, dan alasannya tertulis di percakapan."),
    ),
    "hand_over": Act(
        HandOverForm,
        _with(talk_acts.hand_over, "to", "text"),
        _l("Rekan itu diberi tahu. Pelapor tidak mendapat pesan apa pun."),
    ),
    "finish": Act(
        CONFIRM,
        _bare(talk_acts.finish, with_version=True),
        _l("Tidak ada yang menunggu lagi. Pesan baru apa pun membukanya kembali."),
    ),
    "reopen": Act(CONFIRM, _bare(talk_acts.reopen), _l("Percakapan berlanjut.")),
    "snooze": Act(
        SnoozeForm,
        _snooze,
        _l("Muncul lagi pada waktunya, atau begitu pelapor menulis. Tidak ada yang dikirim."),
    ),
    "wake": Act(CONFIRM, _bare(talk_acts.wake), _l("Percakapan menunggu lagi.")),
    "label": Act(LabelForm, _with(talk_acts.label, "labels"), _l("Hanya terlihat petugas.")),
    "link": Act(
        LinkForm,
        _with(talk_acts.link, "about"),
        _l("Petugas kasus atau laporan itu dapat membaca percakapan ini."),
    ),
    "unlink": Act(UnlinkForm, _unlink, _l("Percakapan tidak lagi terbuka lewat data itu.")),
    "check_identity": Act(
        IdentityForm,
        _with(talk_identity.check, "chosen", "proof"),
        _l("Kesepakatan kontak aman orang itu berlaku di sini. Nomor berubah: ditanyakan lagi."),
    ),
    "uncheck_identity": Act(
        CONFIRM,
        _bare(talk_identity.uncheck),
        _l("Orang di balik nomor atau alamat ini tidak lagi tercatat."),
    ),
    "dismiss": Act(
        REASON,
        _with(talk_acts.dismiss, "reason", with_version=True),
        _l("Tetap terlihat sampai petugas kedua setuju. Pesan baru selalu membukanya kembali."),
    ),
    "agree": Act(
        CONFIRM,
        _bare(talk_acts.agree, with_version=True),
        _l("Disembunyikan di bawah “Bukan pengaduan” sampai ada pesan baru."),
        _facts,
    ),
    "restore": Act(CONFIRM, _bare(talk_acts.restore), _l("Percakapan menunggu lagi."), _facts),
    "merge": Act(
        MergeForm,
        _with(talk_merging.merge, "into", "reason"),
        _l("Dibaca sebagai satu percakapan; dapat dibatalkan. Nomor dan telepon tidak berubah."),
    ),
    "unmerge": Act(CONFIRM, _bare(talk_merging.unmerge), _l("Kembali menjadi dua percakapan.")),
    "split": Act(
        SplitForm,
        _with(talk_merging.split, "chosen", "reason"),
        _l("Pesan terpilih pindah ke percakapan baru; dapat dikembalikan."),
    ),
    "rejoin": Act(CONFIRM, _bare(talk_merging.rejoin), _l("Semua pesan kembali ke asalnya.")),
}
DONE: Mapping[str, Any] = {
    "take": _l("Percakapan diambil"),
    "take_over": _l("Percakapan diambil alih"),
    "hand_over": _l("Percakapan dialihkan"),
    "finish": _l("Percakapan selesai"),
    "reopen": _l("Percakapan dibuka kembali"),
    "snooze": _l("Percakapan ditunda"),
    "wake": _l("Penundaan diakhiri"),
    "label": _l("Tanda disimpan"),
    "link": _l("Percakapan dihubungkan"),
    "unlink": _l("Hubungan dilepaskan"),
    "check_identity": _l("Identitas diperiksa"),
    "uncheck_identity": _l("Pemeriksaan identitas dicabut"),
    "dismiss": _l("Menunggu persetujuan petugas kedua"),
    "agree": _l("Disembunyikan sebagai bukan pengaduan"),
    "restore": _l("Tanda “bukan pengaduan” dicabut"),
    "merge": _l("Percakapan digabungkan"),
    "unmerge": _l("Penggabungan dibatalkan"),
    "split": _l("Pesan dipisahkan"),
    "rejoin": _l("Pesan dikembalikan"),
}
GRAVE = {"dismiss", "merge", "split"}
WORDS: Mapping[str, Words] = {act: Words(NAMES[act], DONE[act], act in GRAVE) for act in ACTS}
