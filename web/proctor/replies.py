"""Doing an act and saying what became of it: to a script as JSON, to a page as a message."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import current_app, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy.orm import Session
from wtforms import Form

from cat.errors import BadInput, CatError, DecisionError, ExamError
from web import clock
from web.db import transaction
from web.errors import refusal_of, wants_json
from web.operations.pengawasan.pelaku import Pelaku, take_up_duty

_REFUSALS = (ExamError, DecisionError, BadInput)


def me() -> Pelaku:
    """The account that acts, now."""
    return Pelaku(current_user.username, clock.now(), current_app.config["KEYS"])


def sentence_of(error: CatError) -> str:
    """Why an act was refused: engine errors have their sentence, the others speak Indonesian."""
    return refusal_of(error).sentence if isinstance(error, ExamError) else str(error)


def go_on_duty(sesi_id: int, ruang_id: int | None = None) -> None:
    """Whoever acts is on duty; in a transaction of its own, before the act."""
    with transaction() as session:
        take_up_duty(session, sesi_id, me(), ruang_id=ruang_id)


def perform(
    act: Callable[[Session], Any], said: Callable[[Any], str], *, back: str, whom: str = ""
) -> ResponseReturnValue:
    """Do one act in one transaction and say what became of it.

    said : makes the sentence from what the act returned. back : page to return to without a script.
    whom : begins the sentence, such as "Kursi 12, Budi".
    """
    start = f"{whom}: " if whom else ""
    try:
        with transaction() as session:
            outcome = act(session)
    except _REFUSALS as error:
        return say(f"{start}{sentence_of(error)}", back=back, is_good=False)
    return say(f"{start}{said(outcome)}", back=back)


def say(sentence: str, *, back: str, is_good: bool = True) -> ResponseReturnValue:
    """One sentence, to whoever asked."""
    if wants_json():
        return jsonify(pesan=sentence, baik=is_good), 200 if is_good else 409
    flash(sentence)
    return redirect(back, 303)


def faults(form: Form) -> str:
    """What is wrong with a form, in one line."""
    return " ".join(_flat(form.errors.values()))


def back_to_room(sesi_id: int) -> str:
    """The view of the sesi that the act was asked for from: map or list."""
    view = ".listing" if request.form.get("dari") == "daftar" else ".room"
    return url_for(view, sesi_id=sesi_id)


def _flat(lists: Iterable[Any]) -> Iterable[str]:
    for each in lists:
        yield from (str(text) for text in each)
