"""On the page of a case: which letters can be issued for it, from what, and what they lack."""

import re
from datetime import date

import models as m
from models import CaseStatus, LetterKind
from portal.casework import letter_acts
from portal.letters import register
from tests.screens.generated.conftest import House

INTAKE, VISIT, CONSENT = (
    "Formulir penerimaan pengaduan",
    "Berita acara penjangkauan",
    "Surat persetujuan",
)
REFERRAL, INVITATION = "Surat rujukan", "Surat undangan atau pemanggilan"


def case_in(house: House, state: CaseStatus) -> m.Case:
    with register.untried():
        return house.office.case(state)


def told(house: House, username: str, case: m.Case) -> dict[str, str]:
    """What this officer is told about each kind of letter on the page of the case, by its name."""
    page = house.desk(username).get(f"/admin/case/details/?id={case.id}").text
    part = page.partition('id="letters-title"')[2].partition("</section>")[0]
    return dict(re.findall(r'letter-name">([^<]+)</h4>(.*?)</li>', part, re.DOTALL))


def test_each_letter_names_its_source_or_what_comes_first(house: House) -> None:
    case = case_in(house, CaseStatus.handling)
    found, report = told(house, "supervisor", case), case.reports[0]
    assert f"/admin/report/details/?id={report.id}" in found[INTAKE]
    assert f"/admin/letter/terbit/?kind=formulir_penerimaan&amp;id={report.id}" in found[INTAKE]
    assert f"kind=berita_acara&amp;id={case.outreaches[0].id}" in found[VISIT]
    first = {CONSENT: "consent", REFERRAL: "referral", INVITATION: "invitation"}
    for name, table in first.items():
        assert f'href="/admin/{table}/new/?case={case.id}"' in found[name]
        assert "/letter/terbit/" not in found[name]


def test_what_a_row_lacks_is_said_with_the_way_to_it(house: House) -> None:
    case = case_in(house, CaseStatus.handling)
    row = m.Referral(
        case=case,
        victim=case.victims[0],
        partner=m.PartnerInstitution(name="RSUD Contoh"),
        service="kesehatan",
        legal_basis="kepentingan_vital",
        referred_on=date(2026, 11, 2),
        officer=house.cast.maya,
    )
    house.session.add(row)
    house.session.commit()
    lacking = told(house, "konselor", case)[REFERRAL]
    assert "Tujuan rujukan belum ditulis." in lacking
    assert f"/admin/referral/edit/?id={row.id}" in lacking and "/terbit/" not in lacking
    row.purpose = "Pemeriksaan kesehatan."
    house.session.commit()
    ready = told(house, "konselor", case)[REFERRAL]
    assert f"/admin/letter/terbit/?kind=surat_rujukan&amp;id={row.id}" in ready
    row.state = m.ReferralState.selesai
    house.session.commit()
    assert "Rujukan yang berjalan belum dicatat." in told(house, "konselor", case)[REFERRAL]


def test_what_was_issued_is_named_and_not_pressed_for_again(house: House) -> None:
    case, kind = case_in(house, CaseStatus.handling), LetterKind.formulir_penerimaan
    before = told(house, "supervisor", case)[INTAKE]
    assert "btn-primary" in before and "Sudah pernah terbit" not in before
    now = house.office.tick()
    letter = letter_acts.issue(house.session, kind, case.reports[0], house.cast.budi, now)
    house.session.commit()
    after = told(house, "supervisor", case)[INTAKE]
    assert f"{letter.printed} (Berlaku)" in after
    assert "btn-primary" not in after and "Terbitkan lagi" in after


def test_nobody_is_offered_what_they_may_not_issue(house: House) -> None:
    case = case_in(house, CaseStatus.handling)
    assert set(told(house, "penjangkau", case)) == {VISIT, CONSENT}
    assert set(told(house, "konselor", case)) == {VISIT, CONSENT, REFERRAL, INVITATION}
    shown = " ".join(told(house, "konselor", case).values())
    for address in set(re.findall(r'href="(/admin/[^"]+)"', shown)):
        there = address.replace("&amp;", "&")
        page = house.desk("konselor").get(there)
        assert page.status_code == 200, there
        if "/terbit/" in there:  # whoever does not issue it is back at the case
            assert page.text.count(f'href="/admin/case/details/?id={case.id}"') >= 2


def test_outside_its_time_the_letter_says_so_instead_of_leading_astray(house: House) -> None:
    found = told(house, "supervisor", case_in(house, CaseStatus.identified))
    assert "Rujukan dicatat selama penjangkauan atau penanganan." in found[REFERRAL]
    assert "Undangan hanya untuk kasus yang sedang ditangani." in found[INVITATION]
    assert "Penjangkauan belum dimulai." in found[VISIT]
    assert all('href="/admin' not in found[name] for name in (REFERRAL, INVITATION, VISIT))


def test_a_form_issued_before_there_was_a_case_stands_among_its_letters(house: House) -> None:
    report = house.office.taken()
    now, kind = house.office.tick(), LetterKind.formulir_penerimaan
    letter = letter_acts.issue(house.session, kind, report, house.cast.sari, now)
    house.session.commit()
    report.case = case = case_in(house, CaseStatus.handling)
    house.session.commit()
    page = house.desk("supervisor").get(f"/admin/case/details/?id={case.id}").text
    part = page.partition('id="part-letters"')[2].partition("</table>")[0]
    assert letter.printed in part.replace("<wbr>", "")
