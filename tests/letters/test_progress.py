"""How far the signature of a letter is: one letter and the list always say the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Letter, LetterKind, LetterState, LetterStep, SignedBy, StepPart
from portal.letters import progress, register
from portal.letters.entry import About
from portal.letters.progress import Progress
from tests.letters import samples, story
from tests.support.cast import Cast
from tests.support.databases import both_engines

METHODS = {
    StepPart.paraf: [SignedBy.portal],
    StepPart.tanda_tangan: [SignedBy.elektronik, SignedBy.pena],
}


@st.composite
def steps(draw: st.DrawFn) -> list[LetterStep]:
    """Initials, then perhaps a signature: done up to one of them, which may be given back."""
    parts = [StepPart.paraf] * draw(st.integers(0, 2))
    parts += [StepPart.tanda_tangan] * draw(st.integers(0, 1))
    done, returned = draw(st.integers(0, len(parts))), draw(st.booleans())
    made = []
    for place, part in enumerate(parts):
        step = LetterStep(position=place + 1, part=part)
        if place < done:
            step.done_at, step.method = story.APPROVED, draw(st.sampled_from(METHODS[part]))
        elif place == done and returned:
            step.returned_at, step.return_reason = story.APPROVED, "Salah"
        made.append(step)
    return made


@pytest.fixture
def letter(session: Session, cast: Cast) -> Letter:
    """A letter that nobody signs yet."""
    content = samples.surat_perintah()
    content["signatory"]["id"] = None
    kind, about = LetterKind.surat_perintah, About(story.make_case(session, cast))
    made = register.issue(session, kind, content, about, cast.budi, story.APPROVED)
    session.commit()
    return made


@both_engines
@settings(max_examples=30)
@given(made=steps(), void=st.booleans(), pen=st.booleans())
def test_list_and_letter_agree(
    session: Session, cast: Cast, letter: Letter, made: list[LetterStep], void: bool, pen: bool
) -> None:
    for step in made:
        step.officer_id = cast.budi.id
    letter.steps, letter.signed_at = made, story.APPROVED if pen else None
    if void:
        letter.state, letter.void_reason = LetterState.void, "Salah"
    session.flush()
    told = [progress.condition(one).label(one.value) for one in Progress]
    (row,) = session.execute(select(*told).select_from(Letter))
    found = [name for name, holds in row._mapping.items() if holds]
    expected = progress.of(letter)
    session.rollback()
    assert found == [expected]
