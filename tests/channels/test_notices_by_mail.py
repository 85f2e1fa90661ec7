"""Officers hear by e-mail that something waits: at most once, and nothing of what."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from models import Job, JobState, Notice
from portal import health, jobs, notices, queue
from portal import post as mail_server
from tests.screens.generated.conftest import House, house
from tests.support.mail import PASSWORD, USER, Post, certificate, post_office

__all__ = ["house"]  # the fixture

FROM = "kantor@uji.test"
LOGIN = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@"


@pytest.fixture(scope="module")
def running() -> Iterator[Post]:
    with post_office() as post:
        yield post


@pytest.fixture
def post(running: Post, house: House, monkeypatch: pytest.MonkeyPatch) -> Post:
    """An office with a mail server, where Budi has an address."""
    running.taken.clear()
    running.answers.clear()
    at(house, monkeypatch, running.url)
    house.cast.budi.email = "budi@uji.test"
    house.session.commit()
    return running


def at(house: House, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    changed = replace(house.app.extensions["settings"], smtp_url=url, mail_from=FROM)
    monkeypatch.setitem(house.app.extensions, "settings", changed)


def told(house: House, kind: str = "break_glass") -> Notice:
    """Budi and Dewi are told of something; Dewi has no address."""
    everybody = [house.cast.budi, house.cast.dewi]
    notices.tell(house.session, everybody, kind)
    house.session.commit()
    wanted = select(Notice).where(Notice.officer_id == house.cast.budi.id, Notice.kind == kind)
    return house.session.scalars(wanted.order_by(Notice.id.desc())).first()


def after_work(house: House) -> Job:
    """The job of the notice once the worker has done what is due."""
    jobs.work_off(house.app)
    house.session.rollback()
    house.session.expire_all()
    wanted = select(Job).where(Job.kind == notices.MAIL).order_by(Job.id.desc())
    return house.session.scalars(wanted).first()


def again(house: House, job: Job) -> None:
    job.run_at = job.created_at
    house.session.commit()


def test_an_officer_hears_once_that_something_waits_and_nothing_of_what(
    post: Post, house: House
) -> None:
    notice = told(house)
    job = after_work(house)
    (mail,) = post.taken
    assert (mail["To"], mail["From"]) == ("budi@uji.test", FROM)
    assert mail["Subject"] == "Ada yang menunggu di Ruang Aman"
    text = mail.get_content()
    assert "/masuk" in text and "darurat" not in text and "kasus" not in text.lower()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert notice.mailed_at is not None and job.state is JobState.done
    queue.again(job, job.created_at)  # a worker that was killed before it could say so
    house.session.commit()
    assert after_work(house).state is JobState.done and len(post.taken) == 1


def test_a_worker_that_is_killed_while_it_sends_does_not_send_twice(
    post: Post, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_words: object) -> None:
        raise KeyboardInterrupt  # nothing after the call is ever done

    sends = mail_server.send
    monkeypatch.setattr(mail_server, "send", dies)
    notice = told(house)
    with pytest.raises(KeyboardInterrupt):
        jobs.work_off(house.app)
    monkeypatch.setattr(mail_server, "send", sends)
    house.session.rollback()
    house.session.refresh(notice)
    assert notice.mailed_at is not None
    job = house.session.scalars(select(Job).where(Job.kind == notices.MAIL)).one()
    queue.again(job, job.created_at)
    house.session.commit()
    assert after_work(house).state is JobState.done and post.taken == []


def test_of_everyday_things_nobody_is_mailed(post: Post, house: House) -> None:
    told(house, "report_new")
    assert after_work(house) is None and post.taken == []


def test_who_has_read_it_in_the_meantime_is_not_mailed(post: Post, house: House) -> None:
    notice = told(house)
    notice.read_at = notice.at
    house.session.commit()
    assert after_work(house).state is JobState.done and post.taken == []


def test_nobody_knows_whether_it_arrived_so_it_is_not_sent_again(post: Post, house: House) -> None:
    post.answers["data"] = ""  # hangs up after it had everything
    notice = told(house)
    assert after_work(house).state is JobState.done
    assert notice.mailed_at is not None and len(post.taken) == 1


@pytest.mark.parametrize(
    ("step", "said"), [("rcpt", "450 nanti"), ("data", "451 nanti"), ("rcpt", "550 tidak dikenal")]
)
def test_what_was_refused_is_tried_again(post: Post, house: House, step: str, said: str) -> None:
    post.answers[step] = said
    notice = told(house)
    job = after_work(house)
    assert job.state is JobState.waiting and notice.mailed_at is None and post.taken == []
    post.answers.clear()
    again(house, job)
    assert after_work(house).state is JobState.done
    assert notice.mailed_at is not None and len(post.taken) == 1


def test_a_server_that_is_away_is_waited_for(
    post: Post, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = post.url
    at(house, monkeypatch, "smtp://127.0.0.1:9")
    notice = told(house)
    job = after_work(house)
    assert (job.state, job.error) == (JobState.waiting, "Away") and notice.mailed_at is None
    at(house, monkeypatch, here)
    again(house, job)
    assert after_work(house).state is JobState.done and len(post.taken) == 1


def test_without_a_mail_server_nothing_is_sent_and_nothing_fails(
    post: Post, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(house, monkeypatch, "")
    told(house)
    assert after_work(house).state is JobState.done and post.taken == []


def found(house: House) -> dict[str, Any]:
    with house.app.app_context():
        return health.troubles(house.app.extensions["settings"])


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_server_that_asks_who_we_are_is_told(
    post: Post, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with post_office(auth_required=True) as strict:
        at(house, monkeypatch, strict.url)
        assert told(house) and after_work(house).state is JobState.waiting
        at(house, monkeypatch, strict.url.replace("://", f"://{LOGIN}"))
        assert found(house)["smtp"] == ""
        again(house, after_work(house))
        assert after_work(house).state is JobState.done and len(strict.taken) == 1
        at(house, monkeypatch, strict.url.replace("://", f"://{LOGIN}"[:-3] + "x@"))
        assert found(house)["smtp"].startswith("Away")


def test_to_another_machine_only_over_tls_that_proves_itself(
    post: Post, house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = "127.0.0.2"
    with post_office(elsewhere) as plain:
        at(house, monkeypatch, plain.url)
        told(house)
        assert after_work(house).state is JobState.waiting and plain.taken == []
    context, vouches = certificate(tmp_path, elsewhere)
    with post_office(elsewhere, tls_context=context) as secure:
        at(house, monkeypatch, secure.url)
        again(house, after_work(house))
        assert after_work(house).state is JobState.waiting and secure.taken == []
        monkeypatch.setenv("SSL_CERT_FILE", str(vouches))
        again(house, after_work(house))
        assert after_work(house).state is JobState.done and len(secure.taken) == 1
