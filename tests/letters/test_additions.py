"""What a signing service may add to our PDF: a signature that nobody sees, and nothing else."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from portal.letters import additions, certificates, pdf, signature, signers
from portal.letters.certificates import open_key
from portal.letters.signature import SigningError
from tests.letters import samples
from tests.support import signing as pens
from tests.support.signing import NOW

Spoil = Callable[[IncrementalPdfFileWriter, Any], None]
NAME = generic.NameObject


def nota() -> bytes:
    return pdf.render("nota_terminasi", samples.nota_terminasi())


def other_words(writer: IncrementalPdfFileWriter, page: Any) -> None:
    page[NAME("/Contents")] = writer.add_object(
        generic.StreamObject(stream_data=b"BT /F1 12 Tf 100 100 Td (Palsu) Tj ET")
    )


def a_note_over_them(writer: IncrementalPdfFileWriter, page: Any) -> None:
    facts = {"/Type": "/Annot", "/Subtype": "/FreeText"}
    note = generic.DictionaryObject({NAME(key): NAME(value) for key, value in facts.items()})
    box = map(generic.NumberObject, (0, 0, 500, 500))
    note[NAME("/Rect")] = generic.ArrayObject(box)
    page[NAME("/Annots")] = generic.ArrayObject([writer.add_object(note)])


def an_action(writer: IncrementalPdfFileWriter, page: Any) -> None:
    writer.root[NAME("/OpenAction")] = generic.ArrayObject([generic.NullObject()])
    writer.update_root()


def a_page_less(writer: IncrementalPdfFileWriter, page: Any) -> None:
    pages = writer.root["/Pages"]
    pages[NAME("/Kids")] = generic.ArrayObject([pages["/Kids"].raw_get(0)])
    pages[NAME("/Count")] = generic.NumberObject(1)
    writer.update_container(pages)


@pytest.mark.parametrize("spoil", [other_words, a_note_over_them, an_action, a_page_less])
def test_a_service_that_changes_the_letter_before_it_signs_is_refused(spoil: Spoil) -> None:
    """Our bytes are the beginning, and the signature over all of it is sound."""
    before, out = nota(), io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(before))
    page = writer.root["/Pages"]["/Kids"][0]
    spoil(writer, page)
    writer.update_container(page)
    writer.write(out)
    after = signature.sign(out.getvalue(), open_key(pens.file(), pens.PASSPHRASE, NOW), NOW)
    assert after.startswith(before)
    with pytest.raises(SigningError, match="tidak sesuai"):
        signers.accepted(before, after, NOW)


def test_a_signature_is_harmless_and_what_cannot_be_read_is_not() -> None:
    before = nota()
    after = signature.sign(before, open_key(pens.file(), pens.PASSPHRASE, NOW), NOW)
    assert additions.are_harmless(before, after) and additions.are_harmless(before, before)
    assert not additions.are_harmless(before, b"%PDF-1.7 rusak")


@pytest.mark.parametrize("name", ["Budi\0 Santoso", "Budi\r\nSantoso", "Budi\u202e Santoso"])
def test_the_name_in_a_certificate_is_one_line_that_can_be_kept(name: str) -> None:
    data = pens.authority().issue(name).file("x")
    assert certificates.open_certificate(data, "x", NOW).subject == "Budi Santoso"
