"""`/verifikasi`: whether a letter is genuine, for whoever holds it; nothing about any case.

A code that nobody has is answered like one that cannot be. A file is compared by its fingerprint:
in the browser, or here, where it passes by without being kept.
"""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import labels
from portal.indonesia import dates
from portal.letters import codes, verification
from portal.letters.verification import Facts, FileRole, Standing
from portal.public import hashing
from portal.public.checks import clean
from portal.public.site import everything, site
from portal.wording import _
from portal.wording import lazy as _l

Answer = str | Response | tuple[str, int]
LONGEST = 200
WRONG, TOO_LARGE, UNKNOWN = 422, 413, 404

ANSWERS = {
    FileRole.signed: _l("Asli: berkas ini surat bertanda tangan elektronik yang kami terbitkan."),
    FileRole.issued: _l("Asli: berkas ini sama dengan naskah yang kami terbitkan."),
    FileRole.before_signing: _l(
        "Berkas ini naskah surat ini sebelum ditandatangani: bukan surat yang berlaku."
    ),
    FileRole.scan: _l("Berkas ini pindaian surat bertanda tangan pena yang kami simpan."),
    FileRole.older: _l("Berkas ini versi lama surat ini, bukan yang dipakai sekarang."),
}
NO_FILE_OF_IT = _l("Berkas ini bukan berkas surat ini, atau isinya sudah berubah.")
ROLES = {
    FileRole.signed: _l("Surat bertanda tangan elektronik"),
    FileRole.issued: _l("Naskah yang terbit"),
    FileRole.before_signing: _l("Naskah sebelum ditandatangani"),
    FileRole.scan: _l("Pindaian surat bertanda tangan pena"),
    FileRole.older: _l("Versi lama"),
}
# What the file is called that may be relied upon.
GENUINE = frozenset({FileRole.signed, FileRole.issued, FileRole.scan})


@site.get("/verifikasi")
def verify() -> Answer:
    """Ask for the code."""
    return _ask()


@site.post("/verifikasi")
def find_letter() -> Answer:
    """From the code on the paper to its page."""
    said = clean(request.form.get("kode"))[:LONGEST]
    with everything() as session:
        found = verification.find(session, verification.typed(said))
    if found is None:
        return _ask(said, wrong=True), WRONG
    return redirect(url_for("public.verified", code=found.code), 303)


@site.get("/verifikasi/<code>")
def verified(code: str) -> Answer:
    """What the letter with this code is worth."""
    facts = _facts(code)
    return _page(facts) if facts else _unknown()


@site.post("/verifikasi/<code>")
def compare_file(code: str) -> Answer:
    """Whether the file that was handed in is one of this letter; it is not kept."""
    facts, given = _facts(code), hashing.of(request.files.get("berkas"))
    if facts is None:
        return _unknown()
    if given is None:
        return _page(facts, error=_("Pilih berkas PDF surat ini.")), WRONG
    if given.size > hashing.LARGEST:
        return _page(facts, error=_too_large()), TOO_LARGE
    role = facts.role_of(given.digest.hexdigest())
    return _page(facts, answer=answer(facts, role), good=_good(facts, role))


def answer(facts: Facts, role: FileRole | None) -> str:
    """What is said of a file; that it is genuine never hides that the letter is void."""
    said = str(ANSWERS[role] if role else NO_FILE_OF_IT)
    return f"{said} {standing(facts)}" if role and _is_over(facts) else said


def _good(facts: Facts, role: FileRole | None) -> bool:
    """Whether what is said of a file may be read as a yes: it is ours, and the letter holds."""
    return role in GENUINE and not _is_over(facts)


def standing(facts: Facts) -> str:
    """What the letter is worth, as a sentence."""
    if facts.successor:
        number, dated = facts.successor
        return _(
            "Surat ini sudah diganti dengan surat nomor %(number)s tanggal %(day)s.",
            number=number,
            day=dates.long_date(dated),
        )
    return str(STANDINGS[facts.standing])


STANDINGS = {
    Standing.valid: _l("Surat ini berlaku."),
    Standing.unsigned: _l("Surat ini terdaftar, tetapi tanda tangannya belum tercatat."),
    Standing.replaced: _l("Surat ini sudah diganti."),
    Standing.void: _l("Surat ini sudah dibatalkan."),
}


def _is_over(facts: Facts) -> bool:
    return facts.standing in (Standing.replaced, Standing.void)


def _facts(code: str) -> Facts | None:
    with everything() as session:
        return verification.find(session, code)


def _ask(code: str = "", wrong: bool = False) -> str:
    return render_template("public/verify.html", code=code, wrong=wrong)


def _unknown() -> Answer:
    """One answer for every code that is none of ours."""
    return _ask(wrong=True), UNKNOWN


def _page(facts: Facts, **told: object) -> str:
    """The page of a letter; `told` is what came of a file (answer, good, error)."""
    files = [
        (one, str(ROLES[one.role]), answer(facts, one.role), _good(facts, one.role))
        for one in facts.fingerprints
    ]
    return render_template(
        "public/verified.html",
        facts=facts,
        kind=labels.label(facts.kind),
        standing=standing(facts),
        over=_is_over(facts),
        code=codes.grouped(facts.code),
        files=files,
        no_file_of_it=NO_FILE_OF_IT,
        too_large=_too_large(),
        largest=hashing.LARGEST,
        told=told,
    )


def _too_large() -> str:
    size = hashing.LARGEST // hashing.MEGABYTE
    return _("Berkas ini terlalu besar: paling besar %(n)s MB.", n=size)
