"""The pages that are not generated, put beside those that are: the first page, the officer's own,
and the words their templates use."""

from flask import Flask
from flask_admin import Admin

from models import Conversation
from portal import labels
from portal.casework import clock, cue_words, cues
from portal.casework.clock import Clock
from portal.indonesia import dates
from portal.screens import channel_page, codes, edge, links, talk_thread, titles
from portal.screens.account import Account
from portal.screens.channel_page import Channels
from portal.screens.chat_import import NAME as IMPORT
from portal.screens.chat_import import ChatImport
from portal.screens.compliance_page import NAME as NAME_OF_SHEET
from portal.screens.compliance_page import Compliance
from portal.screens.cue_page import Judging
from portal.screens.emergency import NAME, Emergency
from portal.screens.home import Home
from portal.screens.letter_issue import offers
from portal.screens.letter_settings import NAME as NAME_OF_SETTINGS
from portal.screens.letter_settings import LetterSettings
from portal.screens.register import URL
from portal.screens.signing_desk import NAME as NAME_OF_DESK
from portal.screens.signing_desk import SigningDesk
from portal.screens.survey_page import Survey
from portal.wording import lazy as _l
from portal.wording import lazy_in as _in


def _waited(one: Clock) -> str:
    return dates.duration(one.elapsed)


def _answer_clock(talk: Conversation) -> Clock | None:
    return clock.of_answer(talk, edge.now())


WORDS = {
    "answer_clock": _answer_clock,
    "call_words": talk_thread.call_words,
    "title_of": titles.of,
    "stand_in": titles.stand_in,
    "letters_from": offers,
    "breaking": links.breaking,
    "label_of": labels.label,
    "moment": dates.moment,
    "waited": _waited,
    "category_of": lambda finding: codes.name("cue_category", finding.category),
    "cue_pieces": lambda message: cue_words.marked(message.body, cues.of_message(message)),
}


def first_page(app: Flask) -> Home:
    """The page behind `/admin/`; teaches the templates their words."""
    app.jinja_env.globals.update(WORDS)
    return Home(name=_l("Beranda"), endpoint="admin", url=URL)


def add_own_pages(admin: Admin) -> None:
    """The pages that belong to no table."""
    brought = ChatImport(
        name=IMPORT,
        endpoint="chat_import",
        url=f"{URL}/impor",
        category=str(_l("Pengaduan")),
        menu_icon_type="icon",
        menu_icon_value="upload",
    )
    admin.add_view(brought)
    emergency = Emergency(name=NAME, endpoint="emergency", url=f"{URL}/akses-darurat")
    emergency.category = None
    admin.add_view(emergency)
    judging = Judging(name=_l("Penilaian"), endpoint="cue_finding", url=f"{URL}/cue_finding")
    admin.add_view(judging)
    survey = Survey(name=_l("Survei kepuasan"), endpoint="survey", url=f"{URL}/survei")
    admin.add_view(survey)
    sheet = Compliance(name=NAME_OF_SHEET, endpoint="compliance", url=f"{URL}/kepatuhan")
    sheet.category = str(_l("Waktu dan piket"))
    admin.add_view(sheet)
    desk = SigningDesk(name=NAME_OF_DESK, endpoint="signing_desk", url=f"{URL}/letter/meja")
    desk.category = str(_in("daftar", "Surat"))
    admin.add_view(desk)
    letters = LetterSettings(
        name=NAME_OF_SETTINGS, endpoint="letter_settings", url=f"{URL}/setting/surat"
    )
    letters.category = str(_in("daftar", "Surat"))
    admin.add_view(letters)
    kanal = Channels(name=channel_page.NAME, endpoint="channels", url=f"{URL}/kanal")
    kanal.category = str(_l("Administrasi"))
    admin.add_view(kanal)
    admin.add_view(Account(name=_l("Akun saya"), endpoint="account", url=f"{URL}/akun"))
