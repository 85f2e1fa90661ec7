"""What stands on the screens of certificates and steps of signing."""

from typing import Any

from portal.wording import lazy as _l

LABELS: dict[str, Any] = {
    "SigningCertificate.subject": _l("Atas nama"),
    "issuer": _l("Penerbit sertifikat"),
    "serial": _l("Nomor seri"),
    "fingerprint": _l("Sidik jari sertifikat (SHA-256)"),
    "SigningCertificate.valid_from": _l("Berlaku sejak"),
    "SigningCertificate.valid_until": _l("Berlaku sampai"),
    "withdrawn_at": _l("Dicabut pada"),
    "withdrawn_by": _l("Dicabut oleh"),
    "signed_at": _l("Ditandatangani pada"),
    "signing": _l("Paraf dan tanda tangan"),
    "signed_scans": _l("Pindaian bertanda tangan"),
    "in_force": _l("Keadaan sertifikat"),
}
TABLE_LABELS: dict[str, Any] = {
    "signing_certificate": _l("Sertifikat tanda tangan"),
    "letter_step": _l("Paraf atau tanda tangan"),
}
EVENTS: dict[str, Any] = {
    "letter_initialled": _l("Surat diparaf"),
    "letter_returned": _l("Surat dikembalikan"),
    "letter_signed": _l("Surat ditandatangani secara elektronik"),
    "letter_scanned": _l("Pindaian bertanda tangan ditambahkan"),
    "certificate_added": _l("Sertifikat tanda tangan dipasang"),
    "certificate_withdrawn": _l("Sertifikat tanda tangan dicabut"),
}
