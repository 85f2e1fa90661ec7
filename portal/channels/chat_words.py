"""What WhatsApp itself writes into an export, in Indonesian and English.

Compared in small letters, without the invisible marks and a full stop at the end.
"""

EDITED = (
    "<pesan ini diedit>",
    "<pesan ini telah diedit>",
    "<this message was edited>",
)
DELETED = frozenset(
    {
        "pesan ini dihapus",
        "pesan ini telah dihapus",
        "anda menghapus pesan ini",
        "anda telah menghapus pesan ini",
        "this message was deleted",
        "you deleted this message",
    }
)
# A file that was left out of the export: what it was, as far as it tells.
OMITTED = {
    "<media tidak disertakan>": "document",
    "<media omitted>": "document",
    "null": "unsupported",  # a picture that could be looked at once
    "pesan tidak didukung": "unsupported",
    **{
        f"{name} {gone}": kind
        for gone in ("omitted", "tidak disertakan", "dihilangkan")
        for name, kind in {
            "image": "image",
            "gambar": "image",
            "foto": "image",
            "video": "video",
            "video note": "video",
            "gif": "video",
            "audio": "audio",
            "sticker": "sticker",
            "stiker": "sticker",
            "document": "document",
            "dokumen": "document",
            "contact card": "contacts",
            "kartu kontak": "contacts",
        }.items()
    },
}
ATTACHED_AFTER = ("(file attached)", "(file terlampir)", "(berkas terlampir)")
ATTACHED_WITHIN = ("attached", "terlampir")
# The beginning of a file's name, or its ending, says what it is.
NAMES = (
    (("PTT", "AUDIO"), "audio"),
    (("STK", "STICKER"), "sticker"),
    (("IMG", "PHOTO", "FOTO"), "image"),
    (("VID", "GIF", "VIDEO"), "video"),
    (("AUD",), "audio"),
    (("DOC",), "document"),
)
ENDINGS = {
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".heic"), "image"),
    ".webp": "sticker",
    **dict.fromkeys((".mp4", ".mov", ".3gp"), "video"),
    **dict.fromkeys((".opus", ".ogg", ".mp3", ".m4a", ".aac", ".amr"), "audio"),
    ".vcf": "contacts",
}
# The chat itself speaks: on an iPhone under the name of the chat, on Android under none.
SYSTEM = (
    "end-to-end encrypted",
    "terenkripsi secara end-to-end",
    "security code",
    "kode keamanan",
    "changed their phone number",
    "changed to a new number",
    "mengganti nomor telepon",
    "mengubah nomor telepon",
    "telah mengganti nomor",
    "disappearing messages",
    "pesan sementara",
    "created group",
    "created this group",
    "membuat grup",
    "changed the subject",
    "mengubah subjek",
    "changed this group",
    "mengubah ikon grup",
    "mengubah deskripsi grup",
    "you blocked this contact",
    "you unblocked this contact",
    "anda memblokir kontak ini",
    "anda membuka blokir kontak ini",
    "is a contact",
    "adalah kontak",
    "this chat is with a business account",
    "chat ini dengan akun bisnis",
)
