"""An upload that does not fit into memory lies nowhere in the clear, not even for a second."""

import io

from flask import Flask, request

from portal.protection.spool import IN_MEMORY, Spool

WORDS = b"Bunga Rekaan dipukul. "
STORY = WORDS * (2 * IN_MEMORY // len(WORDS))


def test_what_lies_in_the_temporary_file_is_sealed_and_read_from_any_place() -> None:
    spool = Spool()
    for at in range(0, len(STORY), 70_001):
        spool.write(memoryview(STORY)[at : at + 70_001])
    spool._file.seek(0)
    assert spool._file._rolled  # type: ignore[attr-defined]
    assert b"Bunga" not in spool._file.read()
    assert spool.seek(0) == 0 and spool.read() == STORY
    for place in (1, 16, 31, IN_MEMORY + 5):
        assert spool.seek(place) == spool.tell() == place
        assert spool.read(40) == STORY[place : place + 40]
    assert spool.seek(-3, io.SEEK_END) == len(STORY) - 3
    assert spool.read(40) == STORY[-3:] and spool.read(1) == b""
    spool.close()


def test_every_upload_waits_there(app: Flask) -> None:
    files = {"files": (io.BytesIO(STORY), "cerita.txt")}
    with app.test_request_context("/lapor", method="POST", data=files):
        found = request.files["files"]
        assert isinstance(found.stream, Spool) and found.read() == STORY
