"""Letters fetch nothing and run nothing, whatever reporters and officers wrote in any field."""

import io
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import select

from models import Agreement, Case, CaseStatus, Intervention, Letter, Monitoring, Safety, Setting
from portal.casework import cases, monitoring, termination
from portal.casework.arrival import Accused, Harmed, PersonFacts
from portal.letters import pdf, verification
from tests.letters import paper, samples
from tests.screens.generated.conftest import House, house
from tests.support.office import Office

__all__ = ["house"]  # the fixture

KINDS = {
    "surat_perintah": samples.surat_perintah,
    "nota_terminasi": samples.nota_terminasi,
    "nota_akhir": samples.nota_akhir,
}
FETCHING = (
    '<img src="{0}/a.png">',
    '<link rel="stylesheet" href="{0}/b.css">',
    "<style>@import url({0}/c.css); p {{ background-image: url({0}/d.png) }}</style>",
    "<style>@font-face {{ font-family: x; src: url({0}/e.ttf) }} p {{ font-family: x }}</style>",
    '<pdf:include src="{0}/f.html"/>',
    '<p style="background: url({0}/g.png)">x</p>',
    '<style>@page {{ background-image: url("{0}/h.pdf") }}</style>',
    '<object data="{0}/i.svg"></object><iframe src="{0}/j.html"></iframe>',
    '<pdf:barcode type="qr" value="{0}/k"/>',
    '<svg><image href="{0}/l.png"/></svg>',
)


class Bait:
    """A web server and a picture that nobody has any business with, and who asked for anything."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_error(404)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        Image.new("RGB", (9, 9), "red").save(folder / "a.png")
        self.places = (self.address, "http://umpan.example.org", f"file://{folder}", str(folder))

    def text(self) -> str:
        """Everything that could make a typesetter fetch or compute something."""
        fetching = (one.format(self.places[1]) for one in FETCHING)
        pictures = (FETCHING[0].format(place) for place in self.places)
        return "".join([*fetching, *pictures, self.name()])

    def name(self) -> str:
        """The same, as short as a name may be."""
        return '<img src="http://umpan.example.org/n.png">{{7*7}}<script>alert(1)</script>'


@pytest.fixture
def bait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bait]:
    """Watched: each name that is looked up and each connection that is opened."""
    bait = Bait(tmp_path)
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def watched_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        bait.asked.append(str(host))
        return look_up(host, *args, **kwargs)

    def watched_connect(line: socket.socket, place: Any) -> None:
        bait.asked.append(str(place))
        connect(line, place)

    monkeypatch.setattr(socket, "getaddrinfo", watched_look_up)
    monkeypatch.setattr(socket.socket, "connect", watched_connect)
    monkeypatch.chdir(tmp_path)
    yield bait
    bait.server.shutdown()
    bait.server.server_close()


def pictures(data: bytes) -> int:
    """How many pictures stand in a letter."""
    with pikepdf.open(io.BytesIO(data)) as document:
        streams = [one for one in document.objects if isinstance(one, pikepdf.Stream)]
        return sum(one.get("/Subtype") == "/Image" for one in streams)


class HostileOffice(Office):
    """An office in which everybody types the same bad text into every field."""

    text = name = ""

    def report(self, **more: object) -> Any:
        known = PersonFacts(
            **dict.fromkeys(("name", "alias", "birth_place", "address", "notes"), self.name),
            sex="perempuan",
        )
        told = dict.fromkeys(("narrative", "wishes", "place"), self.text)
        return super().report(
            **told,
            reporter=known,
            victims=[Harmed(person=known, condition=self.text, wishes=self.text)],
            suspects=[Accused(person=known, description=self.text)],
            **more,
        )

    def plan(self) -> cases.OrderPlan:
        return replace(super().plan(), task=self.text, place=self.name, basis=self.name)

    def serve(self, case: Case) -> Intervention:
        service = super().serve(case)
        service.goal = service.result = self.text
        return service

    def propose_termination(self, case: Case) -> None:
        self.serve(case)
        proposal = termination.Proposal(
            reason="tujuan_tercapai",
            summary=self.text,
            agreement=Agreement.setuju,
            agreement_note=self.text,
        )
        termination.propose(self.session, case, self.cast.maya, self.tick(), proposal)

    def visit(self, contact: Monitoring, safety: Safety = Safety.aman) -> None:
        day = contact.due_on
        seen = monitoring.Visit(
            done_on=day,
            method="kantor",
            wellbeing="baik",
            safety=safety,
            needs=self.text,
            notes=self.text,
        )
        monitoring.record(self.session, contact, self.cast.maya, self.tick(), seen, today=day)


def test_what_anybody_wrote_is_text_in_every_letter_and_nothing_is_fetched(
    house: House, bait: Bait
) -> None:
    for setting in house.session.scalars(select(Setting)):
        named = setting.key == "kop_logo"  # a fingerprint, which nobody types
        if not named and (setting.key.startswith("kop_") or "closing" in setting.key):
            setting.value = bait.name()
    for officer in (house.cast.joko, house.cast.maya):
        officer.position = bait.name()
    house.session.commit()
    office = HostileOffice(house.session, house.cast)
    office.text, office.name = bait.text(), bait.name()
    office.case(CaseStatus.closed)
    desk, printed = house.desk("supervisor"), {}
    bait.asked.clear()
    for letter in house.session.scalars(select(Letter)).all():
        answer = desk.get(f"/admin/letter/unduh/?id={letter.id}")
        assert answer.status_code == 200 and answer.data.startswith(b"%PDF")
        code = verification.address(letter.verify_code)
        clean = pdf.render(letter.kind.value, KINDS[letter.kind.value](verification=code))
        assert pictures(answer.data) == pictures(clean), "no picture but those of the template"
        printed[letter.kind.value] = paper.letters(answer.data)
    assert bait.asked == []
    assert set(printed) == set(KINDS)
    for text in printed.values():
        for typed in ("{{7*7}}", '<imgsrc="http://umpan.example.org', "<script>alert(1)</script>"):
            assert typed in text


@pytest.mark.parametrize("markup", FETCHING)
def test_even_markup_that_nobody_escaped_reaches_nothing_outside(markup: str, bait: Bait) -> None:
    for place in bait.places:
        try:
            data, _warnings = pdf.typeset(f"<body><p>Isi</p>{markup.format(place)}</body>")
        except Exception as error:  # a typesetter that refuses has fetched nothing either
            assert "umpan" not in str(error)
            continue
        assert pictures(data) == 0
    assert bait.asked == []


@pytest.mark.parametrize("kind", KINDS)
def test_nor_does_it_from_within_a_template(kind: str, bait: Bait) -> None:
    html = pdf.markup(kind, KINDS[kind]())
    markup = "".join(FETCHING[0].format(place) for place in bait.places)
    data, _warnings = pdf.typeset(html.replace("</body>", f"{markup}</body>"))
    assert pictures(data) == pictures(pdf.typeset(html)[0])
    assert bait.asked == []
