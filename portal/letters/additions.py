"""What a signature may add to a finished PDF: itself, and nothing that anybody sees.

That our bytes are still the beginning of a file proves little: an update appended to a PDF may
replace any object of it, and a signature over the whole covers that, too. So every object of the
PDF that was to be signed must still say what it said, but for the few keys a signature needs.
"""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

CATALOG = frozenset({"/AcroForm", "/Perms", "/Extensions", "/Version", "/DSS"})
PAGE = frozenset({"/Annots"})
FORM = frozenset({"/Fields", "/SigFlags", "/DA", "/DR"})


def are_harmless(before: bytes, after: bytes) -> bool:
    """Whether `after` shows what `before` shows: an invisible signature was added at most.

    False as well for what cannot be read.
    """
    try:
        with pikepdf.open(io.BytesIO(before)) as old, pikepdf.open(io.BytesIO(after)) as new:
            return _same_root(old, new) and _same_objects(old, new) and _invisible(old, new)
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError):
        return False


def _same_root(old: pikepdf.Pdf, new: pikepdf.Pdf) -> bool:
    return old.Root.objgen == new.Root.objgen and len(old.pages) == len(new.pages)


def _same_objects(old: pikepdf.Pdf, new: pikepdf.Pdf) -> bool:
    """Title and dates stand in objects of their own, which tools may write anew."""
    about = {old.trailer.Info.objgen, old.Root.Metadata.objgen}
    gains = {page.objgen: PAGE for page in old.pages} | {old.Root.objgen: CATALOG}
    kept = ((one, new.get_object(one.objgen)) for one in old.objects if one.objgen not in about)
    return all(
        _said(one, gains.get(one.objgen)) == _said(then, gains.get(one.objgen))
        for one, then in kept
    )


def _said(one: Any, gained: frozenset[str] | None) -> bytes:
    """An object as it is written, references by their numbers, without the keys it may gain."""
    if isinstance(one, pikepdf.Stream):
        return bytes(one.stream_dict.unparse(resolved=True)) + one.read_raw_bytes()
    if gained is not None:
        one = pikepdf.Dictionary({name: value for name, value in one.items() if name not in gained})
    return bytes(one.unparse(resolved=True))


def _invisible(old: pikepdf.Pdf, new: pikepdf.Pdf) -> bool:
    """No annotation was added but the empty one of a signature, and no form that draws pages."""
    known = {one.objgen for one in _annotations(old)}
    added = [one for one in _annotations(new) if not one.is_indirect or one.objgen not in known]
    form: Any = new.Root.get("/AcroForm", {})
    kept = sum(1 for _one in _annotations(new)) - len(added) == len(known)
    return kept and set(form.keys()) <= FORM and all(map(_is_empty, added))


def _annotations(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for page in pdf.pages:
        yield from page.obj.get("/Annots", [])


def _is_empty(annotation: Any) -> bool:
    left, bottom, right, top = map(float, annotation.Rect)
    return annotation.Subtype == "/Widget" and (left == right or bottom == top)
