"""Why an answer did not arrive, for officers, and what is done about it: data, by code.

WhatsApp's codes are Meta's own (developers.facebook.com, whatsapp/cloud-api/support/error-codes;
131062 from business-scoped-user-ids), those of the portal are words.
"""

import enum
from typing import Any, NamedTuple

from portal.wording import _, lazy

_CLOSED = lazy(
    "Jendela 24 jam WhatsApp sudah tertutup. Hanya templat yang disetujui dapat dikirim, bila "
    "kesepakatan kontak aman mengizinkan."
)
_BUSY = lazy("WhatsApp sedang sibuk; dicoba lagi dengan sendirinya.")
_LOCKED = lazy("Meta membatasi akun kantor. Semua pengiriman dihentikan; admin sudah diberi tahu.")
_TOKEN = lazy(
    "Akses ke WhatsApp ditolak. Semua pengiriman dihentikan dan menunggu; admin sudah diberi tahu."
)
_HELD_BACK = lazy("Meta memilih tidak menyampaikan pesan ini. Jangan ulangi sebelum 24 jam.")
_KIND = lazy("WhatsApp tidak menerima jenis pesan atau berkas ini.")


class Do(enum.Enum):
    """What becomes of a message that was refused."""

    retry = "retry"
    pair = "pair"  # too many to this one person: wait longer each time, in order
    fail = "fail"
    stop = "stop"  # nothing more leaves by this channel until somebody has looked


class Trouble(NamedTuple):
    """What to do, and the sentence for whoever wrote the message."""

    do: Do
    sentence: Any


ERRORS: dict[str, Trouble] = {
    "131047": Trouble(Do.fail, _CLOSED),
    "131056": Trouble(Do.pair, lazy("Terlalu cepat untuk satu penerima; dicoba lagi berurutan.")),
    **dict.fromkeys(("130429", "80007", "4"), Trouble(Do.retry, _BUSY)),
    **dict.fromkeys(("131000", "131016", "131057", "1", "2"), Trouble(Do.retry, _BUSY)),
    "131026": Trouble(
        Do.fail,
        lazy("Nomor ini tidak dapat menerima pesan WhatsApp. Pakai cara aman lain bila ada."),
    ),
    **dict.fromkeys(("131049", "130472"), Trouble(Do.fail, _HELD_BACK)),
    **dict.fromkeys(("131048", "368", "131031", "130497"), Trouble(Do.stop, _LOCKED)),
    **dict.fromkeys(("190", "0", "10", "3"), Trouble(Do.stop, _TOKEN)),
    **dict.fromkeys(map(str, range(200, 300)), Trouble(Do.stop, _TOKEN)),
    "131042": Trouble(
        Do.fail,
        lazy("Ada masalah pembayaran di Meta: templat tidak dapat dikirim. Beri tahu admin."),
    ),
    **dict.fromkeys(("131051", "131052", "131053"), Trouble(Do.fail, _KIND)),
    "131062": Trouble(Do.fail, lazy("Pesan ini tidak dapat dikirim ke akun tanpa nomor telepon.")),
    "mail_off": Trouble(Do.fail, lazy("Server surel belum diatur: beri tahu admin.")),
    "mail_refused": Trouble(
        Do.fail, lazy("Server surel menolak alamat atau pesan ini. Pakai cara aman lain bila ada.")
    ),
    "mail_later": Trouble(Do.retry, lazy("Server surel tidak menjawab; dicoba lagi.")),
    "mail_bounced": Trouble(
        Do.fail, lazy("Surel ini kembali: tidak sampai. Pakai cara aman lain bila ada.")
    ),
    "window": Trouble(Do.fail, _CLOSED),
    "tired": Trouble(Do.fail, lazy("Sudah dicoba berkali-kali dan tetap tidak diterima.")),
    "off": Trouble(Do.fail, lazy("Kanal ini tidak aktif di portal. Beri tahu admin.")),
    "resent": Trouble(Do.fail, lazy("Sudah dikirim ulang sebagai pesan baru.")),
    "cancelled": Trouble(Do.fail, lazy("Dibatalkan sebelum dikirim.")),
    "forbidden": Trouble(Do.fail, lazy("Kesepakatan kontak aman berubah: tidak dikirim.")),
    "unknown": Trouble(
        Do.fail,
        lazy(
            "Tidak ada jawaban dari jaringan: tidak diketahui terkirim atau tidak. Tidak dikirim "
            "ulang dengan sendirinya."
        ),
    ),
}
# Of these somebody who looks after the channel must know as well.
ALARMING = frozenset({"131042"})


def sentence(code: str | None) -> str:
    """What an officer is told about a code; an empty text for none."""
    if not code:
        return ""
    known = ERRORS.get(code)
    return str(known.sentence) if known else _("Tidak terkirim (kode %(code)s).", code=code)
