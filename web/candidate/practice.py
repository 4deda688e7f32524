"""Practising before the clock runs. Nothing is stored: the page carries what is marked.

The addresses answer as those of the exam do, so that the page's script is the very same.
"""

from __future__ import annotations

from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from cat.exam.state import Phase
from web.candidate import login_check, queries, wire, words
from web.candidate.acts import LINEAR
from web.candidate.blueprint import bp
from web.candidate.forms import AnswerForm, FlagForm
from web.candidate.pages import common
from web.candidate.practice_items import (
    EMPTY,
    PracticeItem,
    grid_of,
    items_for,
    page_of,
    read_flags,
    read_marks,
)
from web.errors import wants_json
from web.tables import Sitting

# The script's clock stands still in practice; the figure only says "there is time".
LEFT_SECONDS = 3600


@bp.get("/<sitting_id>/latihan")
def practice(sitting_id: str) -> ResponseReturnValue:
    """One practice item, or the end of the practice."""
    sitting = login_check.own(sitting_id)
    if not _is_before_the_clock(sitting):
        return redirect(url_for(".exam", sitting_id=sitting_id), 303)
    items = _items(sitting)
    number = queries.as_number(request.args.get("soal")) or 1
    if number > len(items):
        return render_template("candidate/practice_end.html", **common(sitting))
    return _page(sitting, items, max(1, number))


@bp.post("/<sitting_id>/latihan/jawab")
def practice_answer(sitting_id: str) -> ResponseReturnValue:
    """Go on to the next practice item."""
    sitting = login_check.own(sitting_id)
    items, form = _items(sitting), AnswerForm()
    number, is_valid = min(max(form.nomor.data or 1, 1), len(items)), form.validate()
    if wants_json():
        if not is_valid:
            return jsonify(kode="U07", pesan=gettext("Pilihan tidak terbaca.")), 422
        more = number < len(items)
        following = wire.item(_item(items, number + 1)) if more else None
        return jsonify(_standing(sitting, number + 1) | {"soal": following})
    marks, flags = _carried(items)
    if is_valid and form.pilihan.data in dict(_item(items, number).options):
        marks = marks[: number - 1] + form.pilihan.data + marks[number:]
    elif sitting.mode != LINEAR:
        problem = gettext("Pilih salah satu jawaban dahulu.")
        return _page(sitting, items, number, problem), 422
    return _move(sitting, marks, flags, number)


@bp.post("/<sitting_id>/latihan/pilih")
def practice_choose(sitting_id: str) -> ResponseReturnValue:
    """For the page's script: the mark is heard, and forgotten."""
    sitting = login_check.own(sitting_id)
    return jsonify(_standing(sitting, AnswerForm().nomor.data or 1))


@bp.post("/<sitting_id>/latihan/ragu")
def practice_flag(sitting_id: str) -> ResponseReturnValue:
    """Flag a practice item."""
    sitting = login_check.own(sitting_id)
    items, form = _items(sitting), FlagForm()
    number = min(max(form.nomor.data or 1, 1), len(items))
    if wants_json():
        return jsonify(_standing(sitting, number))
    marks, flags = _carried(items)
    marked = request.form.get("pilihan", "")
    if marked in dict(_item(items, number).options):
        marks = marks[: number - 1] + marked + marks[number:]
    flags = flags[: number - 1] + ("1" if form.ragu.data == "1" else "0") + flags[number:]
    return redirect(_address(sitting, number, marks, flags), 303)


@bp.get("/<sitting_id>/latihan/keadaan")
def practice_standing(sitting_id: str) -> ResponseReturnValue:
    """For the page's script: there is time, unless the exam itself has begun."""
    sitting = login_check.own(sitting_id)
    number = queries.as_number(request.args.get("soal")) or 1
    return jsonify(_standing(sitting, number))


@bp.get("/<sitting_id>/latihan/soal")
def practice_items(sitting_id: str) -> ResponseReturnValue:
    """All practice items, for the page's script."""
    sitting = login_check.own(sitting_id)
    items = _items(sitting)
    pages = [wire.item(_item(items, n)) | {"ragu": False} for n in range(1, len(items) + 1)]
    return jsonify(_standing(sitting, 1) | {"soal": pages})


def _page(
    sitting: Sitting, items: list[PracticeItem], number: int, problem: str | None = None
) -> str:
    marks, flags = _carried(items)
    is_linear = sitting.mode == LINEAR
    return render_template(
        "candidate/item.html",
        page=_item(items, number, marks, flags),
        parts=grid_of(marks, flags, _part_name()) if is_linear else None,
        form=AnswerForm(formdata=None),
        problem=problem,
        turn=1,
        words=words.of_script(),
        urls=_urls(sitting, marks, flags),
        practice=True,
        rules=queries.get_rules(sitting.rules_digest),
        **common(sitting),
    )


def _move(sitting: Sitting, marks: str, flags: str, number: int) -> ResponseReturnValue:
    target = request.form.get("ke", "berikutnya")
    if target == "selesai":
        number = len(marks) + 1
    else:
        steps = {"berikutnya": number + 1, "sebelumnya": number - 1}
        number = steps.get(target) or queries.as_number(target) or number
    return redirect(_address(sitting, max(1, number), marks, flags), 303)


def _urls(sitting: Sitting, marks: str, flags: str) -> dict[str, str]:
    def url(name: str) -> str:
        carried = {"isi": marks, "ragu": flags} if name in ("answer", "flag") else {}
        return url_for(f".practice_{name}", sitting_id=sitting.id, **carried)

    return {
        "ujian": url_for(".practice", sitting_id=sitting.id),
        "jawab": url("answer"),
        "pilih": url("choose"),
        "ragu": url("flag"),
        "keadaan": url("standing"),
        "soal": url("items"),
        "selesai": url_for(".practice", sitting_id=sitting.id, soal=len(marks) + 1),
    }


def _address(sitting: Sitting, number: int, marks: str, flags: str) -> str:
    return url_for(".practice", sitting_id=sitting.id, soal=number, isi=marks, ragu=flags)


def _carried(items: list[PracticeItem]) -> tuple[str, str]:
    count = len(items)
    return (
        read_marks(request.args.get("isi"), count),
        read_flags(request.args.get("ragu"), count),
    )


def _items(sitting: Sitting) -> list[PracticeItem]:
    rules = queries.get_rules(sitting.rules_digest)
    return items_for(rules, is_linear=sitting.mode == LINEAR)


def _item(
    items: list[PracticeItem], number: int, marks: str = "", flags: str = ""
) -> queries.ItemPage:
    count = len(items)
    marks, flags = marks or EMPTY * count, flags or "0" * count
    return page_of(items, number, _part_name(), marks, flags)


def _part_name() -> str:
    return gettext("Latihan")


def _standing(sitting: Sitting, number: int) -> dict[str, Any]:
    going = Phase.WORKING if _is_before_the_clock(sitting) else Phase(sitting.phase)
    return {
        "keadaan": going.value,
        "nomor": number,
        "sisa": LEFT_SECONDS,
        "pesan": queries.newest_message(sitting),
    }


def _is_before_the_clock(sitting: Sitting) -> bool:
    return sitting.phase in (Phase.WAITING, Phase.ADMITTED)
