"""The page "Kesehatan kanal": whether messages still come and go, in figures without content."""

from datetime import datetime
from typing import Any

from flask import abort, current_app, flash, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal import health
from portal.access import scope
from portal.casework import channel_health, send_errors, sending_acts
from portal.casework.channel_health import Channel
from portal.config import Settings
from portal.indonesia import dates
from portal.screens import edge
from portal.screens.channel_texts import NAMES, PARTS, REFUSALS
from portal.screens.guarded import GuardedView
from portal.wording import _
from portal.wording import lazy as _l

NAME = _l("Kesehatan kanal")
SENDING = ("whatsapp", "email")


class Channels(GuardedView):
    """For `admin` alone: nothing here says who wrote or what."""

    permission = "channel_delivery.list"
    permissions = {"resume": "channel_delivery.edit"}

    @expose("/")
    def index(self) -> str:
        """Every figure there is."""
        session, settings = edge.session(), current_app.extensions["settings"]
        with scope.system(session):  # figures alone: no row leaves this block
            channels = channel_health.channels(session, tuple(NAMES))
            figures = _figures(session, edge.now())
        page: str = self.render(
            "screens/channels.html",
            page_title=str(NAME),
            figures=figures,
            channels=[_row(one) for one in channels],
            stopped=[_stopped(one) for one in channels if one.stopped],
            off=_off(settings),
        )
        return page

    @expose("/lanjutkan/", methods=("POST",))
    def resume(self) -> Response:
        """Let a channel (`?kanal=`) send again."""
        channel = request.args.get("kanal", "")
        if channel not in SENDING:
            abort(404)
        with scope.system(edge.session()):
            sending_acts.resume(edge.session(), channel, edge.me(), edge.now())
            edge.session().commit()
        flash(_("Pengiriman dilanjutkan; yang menunggu dikirim lagi."), "success")
        return redirect(url_for(".index"), 303)


def _figures(session: Session, now: datetime) -> list[tuple[str, Any]]:
    counts, oldest = channel_health.status(session), channel_health.oldest_waiting(session)
    pending, overdue = channel_health.pending_files(session, now)
    unknown, queued = channel_health.unsure(session)
    waiting = _("%(n)s (sejak %(moment)s)", n=counts["waiting"], moment=_moment(oldest))
    files = _("%(n)s (lebih dari satu jam: %(late)s)", n=pending, late=overdue)
    quarantine = url_for("channel_delivery.index_view")
    nobodys = channel_health.unassigned_telephones(session, now)
    return [
        (_("Kiriman yang diterima"), counts["deliveries"]),
        (_("Menunggu dibaca"), waiting if oldest else 0),
        (_("Tidak terbaca"), _link(quarantine, counts["quarantined"])),
        (_("Berkas yang belum diambil"), files),
        (_("Jawaban yang menunggu dikirim"), queued),
        (_("Jawaban yang tidak diketahui terkirim"), unknown),
        (_("Pesan masuk"), counts["messages_in"]),
        (_("Pesan keluar"), counts["messages_out"]),
        (_("Kabar pengiriman"), counts["statuses"]),
        (_("Panggilan"), counts["calls"]),
        (_("Pesawat telepon tanpa petugas"), _telephones(nobodys)),
    ]


def _link(address: str, shown: object) -> Any:
    return Markup('<a href="{}">{}</a>').format(address, shown)


def _telephones(nobodys: list[str]) -> Any:
    """Who answers there is noted on the page of an officer."""
    return _link(url_for("officer.index_view"), ", ".join(nobodys)) if nobodys else 0


def _moment(at: datetime | None) -> str:
    return dates.moment(at) if at else "\u2013"


def _row(one: Channel) -> list[str]:
    refused = (f"{REFUSALS[what]}: {count}" for what, count in one.refused.items())
    return [
        str(NAMES[one.name]),
        _moment(one.last),
        _moment(one.answered),
        ", ".join(refused) or "\u2013",
    ]


def _stopped(one: Channel) -> dict[str, str]:
    return {
        "name": str(NAMES[one.name]),
        "why": send_errors.sentence(one.stopped),
        "address": url_for(".resume", kanal=one.name),
    }


def _off(settings: Settings) -> list[str]:
    """Channels without settings, with the names an operator looks for."""
    return [
        f"{PARTS[name]}: {', '.join(lacking)}"
        for name, lacking in health.channels_off(settings).items()
    ]
