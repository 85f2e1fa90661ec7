import os

from flask import request, send_file, send_from_directory


def give(folder):
    # ruleid: file-name-from-the-request
    return send_from_directory(folder, request.args["name"])


def show():
    name = request.view_args["name"]
    # ruleid: file-name-from-the-request
    return send_file(f"files/{name}")


def keep(folder):
    upload = request.files["berkas"]
    # ruleid: file-name-from-the-request
    upload.save(os.path.join(folder, upload.filename))
    # ruleid: file-name-from-the-request
    (folder / upload.filename).write_bytes(b"")
    # ruleid: file-name-from-the-request
    open(upload.filename)


def fine(folder, key):
    # ok: file-name-from-the-request
    return (folder / key).read_bytes()
