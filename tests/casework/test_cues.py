"""Urgent words raise what they stand in and are shown; a human decides whether they are right."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models import AuditEntry, Channel, Cue, CueFinding, Message
from portal.casework import conversations, correspondents, cues, intake
from portal.casework.conversations import Incoming
from portal.casework.correspondents import KnownAs
from portal.casework.cue_words import Reader, Rule, faults, fold, marked, words_of
from seed import load
from tests.support.office import Office


@pytest.fixture(scope="module")
def reader():
    """The rules that an office starts with."""
    return Reader(
        Rule(number, row["category"], row["pattern"])
        for number, row in enumerate(load.rows("cues"), start=1)
    )


def found(reader, text):
    return {one.rule.category: one.words for one in reader.read(text)}


# --- what is found --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("suami saya bilang saya akan dibunuh", "ancaman_bunuh"),
        ("aku arep dipateni karo bojoku", "ancaman_bunuh"),
        ("tak pateni koen", "ancaman_bunuh"),
        ("kowe bakal dak pejahi", "ancaman_bunuh"),
        ("koen kate matek koen!", "ancaman_bunuh"),
        ("dia b*nuh temannya, sekarang cari saya", "ancaman_bunuh"),
        ("mau di b.u.n.u.h", "ancaman_bunuh"),
        ("BUNUUUUH", "ancaman_bunuh"),
        ("di boenoeh", "ancaman_bunuh"),
        ("kalau lapor, tinggal nama katanya", "ancaman_bunuh"),
        ("dia bawa gaman", "senjata"),
        ("nggowo lading teko pawon", "senjata"),
        ("ngacung-ngacungke piso", "senjata"),
        ("ditodong p1sau", "senjata"),
        ("disuduk karo bapake", "senjata"),
        ("pengen mati rasanya", "bunuh_diri"),
        ("aku mau bunuh diri aja", "bunuh_diri"),
        ("kepikiran bundir", "bunuh_diri"),
        ("kesel urip aku mbak", "bunuh_diri"),
        ("saya ingin mengakhiri saja hidup ini", "bunuh_diri"),
        ("saya dicekik", "cekikan"),
        ("leher saya ditekan sampai lemas", "cekikan"),
        ("guluku dicekel", "cekikan"),
        ("aku meteng limang wulan", "kehamilan"),
        ("kulo nembe mbobot", "kehamilan"),
        ("adik saya hamil", "kehamilan"),
        ("saya disekap di kamar mandi", "disekap"),
        ("omahku dikunceni, ora oleh metu", "disekap"),
        ("anak saya di rumah sendirian", "anak_sendiri"),
        ("bocahe nang omah dewekan", "anak_sendiri"),
        ("tolong ke sini sekarang", "sekarang"),
        ("saiki wong e nang ngarep", "sekarang"),
        ("skrg dia di luar", "sekarang"),
        ("mbak e semaput", "luka_berat"),
    ],
)
def test_urgent_words_are_found_however_they_are_spelt(reader, text, category):
    assert category in found(reader, text)


@pytest.mark.parametrize(
    "text",
    [
        "Selamat pagi, saya ingin bertanya jam buka kantor.",
        "Apakah perlu membawa kartu keluarga?",
        "Dia memukul anak sendiri di depan umum.",
        "Terima kasih, matahari sudah terbit.",
        "Nomor saya 081234567890.",
        "",
        "👍",
    ],
)
def test_ordinary_words_are_left_alone(reader, text):
    assert found(reader, text) == {}


def test_the_words_are_shown_as_they_were_written(reader):
    text = "Tolong, dia BAWA Pisauuu dan saya mau di-bunuh"
    assert found(reader, text)["senjata"] == "Pisauuu"
    assert found(reader, text)["ancaman_bunuh"] == "bunuh"
    assert marked("bawa pisau!", ["pisau"]) == [("bawa ", False), ("pisau", True), ("!", False)]
    assert marked("bawa pisau!", []) == [("bawa pisau!", False)]


def test_killing_oneself_is_no_threat_by_another(reader):
    assert set(found(reader, "saya mau bunuh diri")) == {"bunuh_diri"}


def test_a_gap_ends_with_the_sentence(reader):
    assert "anak_sendiri" not in found(reader, "Saya punya anak. Saya datang sendirian.")


def test_every_rule_an_office_starts_with_can_be_used_and_finds_itself(reader):
    for row in load.rows("cues"):
        pattern = row["pattern"]
        assert not faults(pattern)
        single = Reader([Rule(1, row["category"], pattern)])
        assert single.read(pattern.replace("*", "").replace("...", "xx")), pattern


# --- rules ----------------------------------------------------------------------------------------

LETTERS = st.text("abcdefghijklmnopqrstuvwyxz", min_size=3, max_size=12)


@given(
    stem=LETTERS,
    before=st.text("abdgimnrs", max_size=4),
    after=st.text("aeiklnpu", max_size=4),
    around=st.text("xyz .,!\n", max_size=20),
)
def test_a_star_stands_for_any_letters(stem, before, after, around):
    text = f"{around} {before}{stem}{after} {around}"
    folded = fold(f"{before}{stem}{after}")
    hit = bool(Reader([Rule(1, "senjata", f"*{stem}*")]).read(text))
    if len(fold(stem)) >= 3 and fold(stem) in folded:
        assert hit


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    reader = Reader([Rule(1, "senjata", "*pis*"), Rule(2, "sekarang", "aku ... kamu ... dia")])
    for one in reader.read(text):
        assert one.words in text


@given(st.text(max_size=60))
def test_any_pattern_is_refused_or_works(pattern):
    if not faults(pattern):
        assert Reader([Rule(1, "senjata", pattern)]).all


@given(LETTERS, st.integers(1, 9))
def test_repeated_letters_make_no_difference(word, times):
    assert fold(word) == fold("".join(letter * times for letter in word))


@pytest.mark.parametrize(
    "pattern", ["", "*", "...", "a*", "... pisau", "pisau ...", "(a+)+", "x ... ... yy", "pi*sau",
                "satu dua tiga empat lima enam tujuh", "aa ... bb ... cc ... dd"]
)  # fmt: skip
def test_a_pattern_that_would_find_everything_or_nothing_is_refused(pattern):
    assert faults(pattern)


def test_thousands_of_messages_are_read_in_a_moment(reader):
    text = "aku wedi mbak, wingi bojoku ngamuk terus arep ngantem aku nang ngarep anak anak. " * 3
    begun = time.process_time()
    for _number in range(300):
        reader.read(text)
    reader.read("a " * 30_000)
    assert time.process_time() - begun < 5


def test_letters_one_by_one_are_a_word():
    assert [one.folded for one in words_of("a b u n u h ya")] == ["abunuh", "ya"]
    assert [one.folded for one in words_of("p p ya")] == ["p", "p", "ya"]


# --- what comes of it -----------------------------------------------------------------------------


@pytest.fixture
def office(session, cast):
    session.add_all(Cue(**row) for row in load.rows("cues"))
    session.commit()
    return Office(session, cast)


def chat(office, text):
    """A message by WhatsApp from somebody unknown."""
    somebody = correspondents.meet(
        office.session, [KnownAs(correspondents.PHONE, "081234567890")], office.now
    )
    talk = conversations.with_somebody(office.session, somebody, Channel.whatsapp, office.now)
    now = office.tick()
    return conversations.take_in(office.session, talk, Incoming(text, now), now)


def test_a_message_with_urgent_words_raises_its_conversation(office):
    message = chat(office, "tulung mbak, bojoku nggowo gaman")
    assert message.conversation.urgent
    assert cues.of_message(message) == ["gaman"]


def test_a_narrative_with_urgent_words_raises_its_report(office, session):
    report = office.report(narrative="Saya dicekik dan diancam dengan pisau.")
    assert report.conversation.urgent
    rows = session.scalars(select(CueFinding).filter_by(report_id=report.id))
    assert {one.category for one in rows} == {"cekikan", "senjata"}


def test_danger_now_raises_a_report_without_any_words(office):
    assert office.report(narrative="Tidak banyak.", danger_now=True).conversation.urgent
    assert not office.report(narrative="Tidak banyak.", danger_now=False).conversation.urgent


def test_reading_twice_finds_nothing_twice(office, session):
    message = chat(office, "dia bawa pisau")
    assert cues.read(session, message) == []
    assert len(message.findings) == 1


def test_an_ordinary_message_raises_nothing(office, session):
    assert not chat(office, "Terima kasih banyak.").conversation.urgent


def test_rejecting_the_last_finding_takes_the_urgency_away(office, session, cast):
    message = chat(office, "pisau dapur hilang, anaknya hamil")
    first, second = message.findings
    cues.decide(session, first, cast.sari, False, office.now)
    assert message.conversation.urgent
    cues.decide(session, second, cast.sari, False, office.now)
    assert not message.conversation.urgent
    assert cues.of_message(message) == []
    cues.decide(session, second, cast.budi, True, office.now)
    assert message.conversation.urgent


def test_a_report_in_danger_stays_urgent_whatever_is_rejected(office, session, cast):
    report = office.report(narrative="Dia bawa pisau.", danger_now=True)
    finding = session.scalars(select(CueFinding).filter_by(report_id=report.id)).one()
    cues.decide(session, finding, cast.sari, False, office.now)
    assert report.conversation.urgent


def test_a_merged_conversation_raises_the_one_that_is_seen(office, session, cast):
    hidden = chat(office, "halo").conversation
    seen = office.report(narrative="Tidak banyak.").conversation
    hidden.merged_into = seen
    message = chat(office, "saiki dia bawa pisau")
    assert seen.urgent
    for finding in message.findings:
        cues.decide(session, finding, cast.sari, False, office.now)
    assert not seen.urgent


def test_what_officers_say_is_counted_and_in_the_log(office, session, cast):
    first, second = chat(office, "dia bawa pisau"), chat(office, "pisau lagi")
    chat(office, "masih bawa pisau")
    cues.decide(session, first.findings[0], cast.sari, True, office.now)
    cues.decide(session, second.findings[0], cast.sari, False, office.now)
    session.commit()
    assert cues.counts(session)[first.findings[0].cue_id] == (3, 1, 1)
    assert session.scalars(select(AuditEntry).filter_by(event="cue_decided")).all()


def test_a_rule_that_was_switched_off_finds_nothing(office, session):
    session.scalars(select(Cue).filter_by(pattern="pisau*")).one().active = False
    session.commit()
    assert chat(office, "dia bawa pisau").findings == []


def test_a_message_at_lacak_is_read_too(office, session):
    report = office.report(narrative="Tidak banyak.")
    intake.add_message(session, report, "Dia kembali dan bawa pisau", office.tick())
    assert report.conversation.urgent
    assert session.scalars(select(Message)).one().findings
