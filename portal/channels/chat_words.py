"""What WhatsApp itself writes into an export: in Indonesian, in English, in some languages besides.

Compared in small letters, without the invisible marks and a full stop at the end.
"""

EDITED = (
    "<pesan ini diedit>",
    "<pesan ini telah diedit>",
    "<this message was edited>",
    "<diese nachricht wurde bearbeitet.>",
    "<se editó este mensaje.>",
    "<ce message a été modifié>",
    "<mensagem editada>",
    "<dit bericht is bewerkt>",
)
DELETED = frozenset(
    {
        "pesan ini dihapus",
        "pesan ini telah dihapus",
        "anda menghapus pesan ini",
        "anda telah menghapus pesan ini",
        "this message was deleted",
        "you deleted this message",
        "you deleted this message as admin",
        "diese nachricht wurde gelöscht",
        "du hast diese nachricht gelöscht",
        "se eliminó este mensaje",
        "eliminaste este mensaje",
        "ce message a été supprimé",
        "vous avez supprimé ce message",
        "mensagem apagada",
        "essa mensagem foi apagada",
        "você apagou esta mensagem",
        "dit bericht is verwijderd",
        "u hebt dit bericht verwijderd",
        "questo messaggio è stato eliminato",
        "hai eliminato questo messaggio",
    }
)
# In a group; then comes by whom.
DELETED_BY = ("this message was deleted by admin ", "pesan ini dihapus oleh admin ")
# A file that was left out of the export: what it was, as far as it tells.
OMITTED = {
    "<media tidak disertakan>": "document",
    "<media omitted>": "document",
    **dict.fromkeys(
        (
            *("<medien ausgeschlossen>", "<multimedia omitido>", "<archivo omitido>"),
            *("<médias omis>", "<mídia oculta>", "<arquivo de mídia oculto>", "<media weggelaten>"),
            *("<media omessi>", "<medya dahil edilmedi>", "<без медиафайлов>"),
        ),
        "document",
    ),
    "<view once voice message omitted>": "audio",
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
    **dict.fromkeys(
        (
            *("bild weggelassen", "imagen omitida", "image absente", "imagem ocultada"),
            *("afbeelding weggelaten", "immagine omessa"),
        ),
        "image",
    ),
    **dict.fromkeys(
        (
            *("video weggelassen", "video omitido", "vidéo absente", "vídeo omitido"),
            *("video weggelaten", "video omesso", "gif weggelassen", "gif omitido"),
        ),
        "video",
    ),
    **dict.fromkeys(
        (
            *("audio weggelassen", "audio omitido", "audio omis", "áudio ocultado"),
            *("audio weggelaten", "audio omesso"),
        ),
        "audio",
    ),
    **dict.fromkeys(
        (
            *("sticker weggelassen", "sticker omitido", "sticker omis", "figurinha omitida"),
            *("sticker weggelaten", "sticker omesso"),
        ),
        "sticker",
    ),
    **dict.fromkeys(
        (
            *("dokument weggelassen", "documento omitido", "document manquant"),
            *("document weggelaten", "documento omesso"),
        ),
        "document",
    ),
}
ATTACHED_AFTER = (
    *("(file attached)", "(file terlampir)", "(berkas terlampir)", "(datei angehängt)"),
    *("(archivo adjunto)", "(fichier joint)", "(arquivo anexado)", "(bestand bijgevoegd)"),
)
ATTACHED_WITHIN = (
    *("attached", "terlampir", "anhang", "adjunto", "pièce jointe ?", "anexado", "bijgevoegd"),
    "allegato",
)
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
# What happens in a group; only where a mark says that nobody typed it.
GROUP = (
    *("menambahkan", "mengeluarkan", " keluar", "bergabung menggunakan", "deskripsi grup"),
    *(" added ", " removed ", " left", "joined using", "group description", "security code"),
)
