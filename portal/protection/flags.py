"""What is odd about a file that is kept all the same: codes stored with it, shown beside it."""

from typing import Any

from portal.wording import lazy as _l

PDF_ACTIVE, EXTERNAL, EMBEDDED = "pdf_active", "external", "embedded"
OLD_FORMAT, LOCATION = "old_format", "location"

SENTENCES: dict[str, Any] = {
    PDF_ACTIVE: _l("PDF ini memuat bagian aktif; bagian itu telah dihapus."),
    EXTERNAL: _l("Dokumen ini mengambil isi dari luar bila dibuka: buka tanpa sambungan internet."),
    EMBEDDED: _l("Dokumen ini memuat berkas lain di dalamnya: jangan buka yang di dalam itu."),
    OLD_FORMAT: _l("Format Office lama tidak dapat diperiksa sepenuhnya: buka dengan hati-hati."),
    LOCATION: _l("Rekaman ini memuat keterangan tempat atau perangkat; keterangan itu dihapus."),
}
