"""What is done to one item from its page: move it on, open a version, comment."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, Forbidden

from cat.itembank.lifecycle import Status
from web import clock
from web.db import transaction
from web.operations.penulisan import alur, komentar
from web.writer.blueprint import bp
from web.writer.reading import Reading, reading


@bp.post("/butir/<code>/pindah")
def move(code: str) -> ResponseReturnValue:
    """Take a step of the life cycle."""
    read, target = reading(), request.form.get("ke", "")
    if target not in set(Status):
        raise BadRequest
    try:
        with transaction() as session:
            alur.take(
                session,
                _seen(read),
                Status(target),
                actor=read.actor,
                reason=request.form.get("alasan", ""),
                now=clock.now(),
            )
        flash(f"{code} sekarang berstatus {target}.")
    except alur.MoveRefused as refusal:
        flash(f"Tidak jadi: {refusal}.")
    return _back(code)


@bp.post("/butir/<code>/versi-baru")
def begin_version(code: str) -> ResponseReturnValue:
    """Open the next version of a locked item."""
    read = reading()
    try:
        with transaction() as session:
            draft = alur.begin_version(
                session,
                _seen(read),
                actor=read.actor,
                reason=request.form.get("alasan", ""),
                now=clock.now(),
            )
        flash(f"{code} versi {draft.version} dibuka sebagai draf.")
    except alur.MoveRefused as refusal:
        flash(f"Tidak jadi: {refusal}.")
    return _back(code)


@bp.post("/butir/<code>/komentar")
def comment(code: str) -> ResponseReturnValue:
    """Say something of the item."""
    read = _commenting()
    try:
        with transaction() as session:
            komentar.begin(
                session,
                read.newest.item,
                request.form.get("teks", ""),
                by=read.actor.username,
                now=clock.now(),
            )
    except komentar.CommentRefused as refusal:
        flash(f"Komentar belum disimpan: {refusal}.")
    return _back(code, "komentar")


@bp.post("/butir/<code>/komentar/<int(max=2147483647):thread_id>/balas")
def reply(code: str, thread_id: int) -> ResponseReturnValue:
    """Answer a comment."""
    read = _commenting()
    try:
        with transaction() as session:
            komentar.reply(
                session,
                read.newest.item,
                thread_id,
                request.form.get("teks", ""),
                by=read.actor.username,
                now=clock.now(),
            )
    except komentar.CommentRefused as refusal:
        flash(f"Balasan belum disimpan: {refusal}.")
    return _back(code, "komentar")


@bp.post("/butir/<code>/komentar/<int(max=2147483647):thread_id>/selesai")
def settle(code: str, thread_id: int) -> ResponseReturnValue:
    """Settle a thread, or reopen it."""
    read = _commenting()
    try:
        with transaction() as session:
            komentar.settle(
                session,
                read.newest.item,
                thread_id,
                is_open="buka" in request.form,
                by=read.actor.username,
                roles=read.actor.roles,
                now=clock.now(),
            )
    except komentar.CommentRefused as refusal:
        flash(f"Tidak jadi: {refusal}.")
    return _back(code, "komentar")


def _commenting() -> Reading:
    read = reading()
    if not read.sees_key:  # comments speak of the key
        raise Forbidden
    return read


def _seen(read: Reading) -> alur.Seen:
    version = request.form.get("versi", 0, type=int)
    return alur.Seen(read.seen.code, version, request.form.get("status", ""))


def _back(code: str, place: str | None = None) -> ResponseReturnValue:
    return redirect(url_for(".item", code=code, _anchor=place), 303)
