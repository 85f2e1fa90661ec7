from flask import redirect, request, url_for


def leave():
    # ruleid: redirect-from-the-request
    return redirect(request.args["next"])


def leave_later():
    target = request.form.get("next", "/")
    # ruleid: redirect-from-the-request
    return redirect(target, 303)


def back():
    # ruleid: redirect-from-the-request
    return redirect(request.referrer or "/")


def stay():
    # ok: redirect-from-the-request
    return redirect(url_for("home", page=request.args["page"]))


def checked():
    target = request.args["next"]
    # ok: redirect-from-the-request
    return redirect(target if _may_follow(target) else "/")
