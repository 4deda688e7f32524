"""Pages of a proctor: the sesi of the site, the map, the list, and one seat."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from web import clock
from web.db import db
from web.operations.hari_ujian.kejadian import PELANGGARAN
from web.operations.pengawasan import buka_kembali, serah_terima
from web.operations.pengawasan.aturan import aturan
from web.operations.pengawasan.keadaan import quiet_seconds, read_state
from web.operations.pengawasan.kemajuan import read_progress
from web.operations.pengawasan.pelaku import find_duty
from web.operations.pengawasan.pindah import free_seats, rooms_of
from web.proctor import history, peta, queries
from web.proctor.blueprint import bp
from web.proctor.forms import (
    EndForm,
    HandOverForm,
    MessageForm,
    MoveForm,
    NoteForm,
    PauseForm,
    ReasonForm,
    ScopedMessageForm,
    ScopedNoteForm,
    ScopedPauseForm,
    ScopedResumeForm,
    ScopeForm,
)
from web.proctor.scope import scope_choices
from web.tables import Sesi, Sitting


@bp.get("/")
def index() -> ResponseReturnValue:
    """The proctor's sesi."""
    rows = queries.own_sesi()
    return render_template("proctor/index.html", rows=rows, counts=queries.counts_by_sesi(rows))


@bp.get("/sesi/<int(max=2147483647):sesi_id>")
def room(sesi_id: int) -> ResponseReturnValue:
    """The rooms of one sesi, seat by seat, as they are laid out."""
    return render_template("proctor/room.html", **_watch(queries.get_own_sesi(sesi_id), "denah"))


@bp.get("/sesi/<int(max=2147483647):sesi_id>/daftar")
def listing(sesi_id: int) -> ResponseReturnValue:
    """The same as a list, which can be searched and filtered without a script."""
    return render_template("proctor/list.html", **_watch(queries.get_own_sesi(sesi_id), "daftar"))


@bp.get("/ujian/<sitting_id>")
def seat(sitting_id: str) -> ResponseReturnValue:
    """One person: where the exam stands, what happened, what may be done; for scripts a part."""
    sitting = queries.get_own_sitting(sitting_id)
    template = "proctor/_seat.html" if "bagian" in request.args else "proctor/seat.html"
    return render_template(template, **_one(sitting))


def _watch(sesi: Sesi, view: str) -> dict[str, Any]:
    session, now = db.session(), clock.now()
    rooms = rooms_of(session, sesi.id)
    chosen = request.args.get("ruang", type=int)
    shown = [each for each in rooms if each.id == chosen]
    found = read_state(session, sesi.id, now=now, ruang_id=chosen if shown else None)
    progress = read_progress(session, sesi.id, "", now=now)
    rows = progress.rows if progress else ()
    tiles = peta.tiles_of(
        found.kursi, queries.people_of(sesi.id), {row[0]: (row[1], row[2]) for row in rows}, now
    )
    maps = peta.maps_of(shown or rooms, tiles)
    return {
        "sesi": sesi,
        "zona": queries.zone_of(sesi),
        "view": view,
        "rooms": rooms,
        "chosen": shown[0] if shown else None,
        "maps": maps,
        "tile_size": peta.tile_size(maps),
        "tiles": _filtered(tiles) if view == "daftar" else tiles,
        "total": len(tiles),
        "calls": [(call, {t.id: t for t in tiles}[call.sitting_id]) for call in found.panggilan],
        "tally": peta.tally(tiles),
        "waiting": sum(tile.keadaan == "menunggu" for tile in tiles),
        "cursor": progress.cursor if progress else "",
        "quiet": quiet_seconds(session, now),
        "now": now,
        "signs": peta.SIGNS,
        "troubles": peta.TROUBLES,
        "marks": peta.MARKS,
        "rules": aturan(),
        **_forms(sesi, rooms),
    }


def _forms(sesi: Sesi, rooms: list[Any]) -> dict[str, Any]:
    session = db.session()
    handing = serah_terima.waiting(session, sesi.id)
    duties = queries.duties_of(sesi.id)
    return {
        "scopes": scope_choices(sesi, rooms),
        "scope_form": ScopeForm(formdata=None),
        "pause_form": ScopedPauseForm(formdata=None, prefix="jeda-"),
        "resume_form": ScopedResumeForm(formdata=None, prefix="lanjut-"),
        "message_form": ScopedMessageForm(formdata=None, prefix="pesan-"),
        "note_form": ScopedNoteForm(formdata=None, prefix="catat-"),
        "hand_over_form": HandOverForm(formdata=None, prefix="serah-"),
        "colleagues": serah_terima.colleagues(session, sesi, current_user.username),
        "handing": handing,
        "names": queries.names_of(
            [each.oleh for each in handing] + [each.data["ke"] for each in handing]
        ),
        "duties": duties,
        "duty": find_duty(session, sesi.id, current_user.username),
        "kinds": PELANGGARAN,
    }


def _filtered(tiles: list[peta.Petak]) -> list[peta.Petak]:
    """Those that the address asks for by words or state."""
    words = request.args.get("cari", "").casefold().split()
    looks = {look for look in request.args.getlist("keadaan") if look}
    return [
        tile
        for tile in tiles
        if (not looks or tile.look in looks or tile.keadaan in looks)
        and all(word in f"{tile.nama} {tile.nomor} {tile.seat}".casefold() for word in words)
    ]


def _one(sitting: Sitting) -> dict[str, Any]:
    session, now = db.session(), clock.now()
    found = read_state(session, sitting.sesi_id, now=now)
    (own,) = [each for each in found.kursi if each.id == sitting.id]
    contact = history.contact_of(sitting)
    people = queries.people_of(sitting.sesi_id)
    (tile,) = peta.tiles_of([own], people, {own.seat: (sitting.answered, contact)}, now)
    return {
        "sesi": sitting.sesi,
        "zona": queries.zone_of(sitting.sesi),
        "sitting": sitting,
        "tile": tile,
        "now": now,
        "rooms": {each.id: each.nama for each in rooms_of(session, sitting.sesi_id)},
        "calls": [call for call in found.panggilan if call.sitting_id == sitting.id],
        "logins": history.logins_of(sitting),
        "happened": history.of_sitting(sitting),
        "needs": history.needs_of(sitting),
        "free": sorted(free_seats(session, sitting.sesi_id)),
        "proposal": buka_kembali.find_waiting(session, sitting.id),
        "me": current_user.username,
        "signs": peta.SIGNS,
        "troubles": peta.TROUBLES,
        "marks": peta.MARKS,
        "pause_form": PauseForm(formdata=None),
        "reason_form": ReasonForm(formdata=None),
        "move_form": MoveForm(formdata=None),
        "end_form": EndForm(formdata=None),
        "note_form": NoteForm(formdata=None),
        "message_form": MessageForm(formdata=None),
    }
