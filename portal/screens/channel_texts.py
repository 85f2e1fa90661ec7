"""What the screens of channels call their columns, troubles, events and jobs."""

from collections.abc import Callable
from typing import Any

import models as m
from portal.casework.deliveries import TROUBLES
from portal.wording import lazy as _l

# By the key of its reader (`portal.jobs.READERS`), as a delivery keeps it.
NAMES: dict[str, Any] = {
    "whatsapp": _l("WhatsApp"),
    "telephone": _l("Telepon"),
    "email": _l("Surel"),
    "chat_export": _l("Ekspor obrolan WhatsApp"),
}
# What `flask check` calls in English (`portal.health.CHANNELS`).
PARTS: dict[str, Any] = {
    "whatsapp (deliveries)": _l("WhatsApp, pesan masuk"),
    "whatsapp (answers, files)": _l("WhatsApp, jawaban dan berkas"),
    "telephone": _l("Telepon"),
    "e-mail (mailbox)": _l("Surel, kotak masuk"),
    "e-mail (answers, warnings)": _l("Surel, jawaban dan peringatan"),
}
LABELS: dict[str, Any] = {
    "ChannelDelivery.channel": _l("Kanal"),
    "ChannelDelivery.received_at": _l("Diterima"),
    "last_seen_at": _l("Terakhir dikirim"),
    "seen": _l("Berapa kali dikirim"),
    "items": _l("Isi"),
    "processed_at": _l("Dibaca"),
    "trouble": _l("Masalah"),
    "purged_at": _l("Isi asli dihapus"),
    "run_at": _l("Dijalankan"),
    "attempts": _l("Percobaan"),
    "claimed_at": _l("Mulai dikerjakan"),
    "payload": _l("Isi pekerjaan"),
    "finished_at": _l("Selesai"),
    "error": _l("Kesalahan"),
}
TABLE_LABELS: dict[str, Any] = {"channel_delivery": _l("Kiriman kanal")}
EVENTS: dict[str, Any] = {
    "message_settled": _l("Pengiriman pesan diputuskan"),
    "channel_resumed": _l("Pengiriman sebuah kanal dilanjutkan"),
    "delivery_read_again": _l("Kiriman dibaca lagi"),
    "delivery_closed": _l("Masalah sebuah kiriman dinyatakan selesai"),
    "job_run_again": _l("Pekerjaan latar dijalankan lagi"),
    "job_closed": _l("Pekerjaan latar yang gagal dinyatakan selesai"),
}
JOBS: dict[str, Any] = {
    "read_delivery": _l("Membaca kiriman kanal"),
    "send_message": _l("Mengirim jawaban"),
    "fetch_media": _l("Mengambil berkas dari WhatsApp"),
}
REFUSALS: dict[str, Any] = {
    "unsigned": _l("Tanpa tanda tangan"),
    "wrong_signature": _l("Tanda tangan salah"),
    "too_large": _l("Terlalu besar"),
}


def _trouble(row: m.ChannelDelivery, style: str) -> str | None:
    return str(TROUBLES.get(row.trouble, row.trouble)) if row.trouble else None


COLUMNS: dict[str, Callable[[Any, str], Any]] = {
    "ChannelDelivery.channel": lambda row, style: str(NAMES.get(row.channel, row.channel)),
    "ChannelDelivery.trouble": _trouble,
}
