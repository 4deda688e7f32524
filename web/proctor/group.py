"""What a proctor does to many seats, or to the sesi."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cat.errors import BadInput, DecisionError
from cat.exam.state import Phase
from web.db import db, transaction
from web.operations import audit, closing
from web.operations.hari_ujian import panggilan
from web.operations.pengawasan import kelompok, papan, tindakan
from web.operations.pengawasan.kelompok import CHUNK, Lingkup, Ringkasan
from web.operations.pengawasan.pelaku import Pelaku
from web.operations.pengawasan.pindah import rooms_of
from web.operations.pengawasan.tindakan import Sebab
from web.proctor import queries
from web.proctor.blueprint import bp
from web.proctor.forms import (
    ScopedMessageForm,
    ScopedNoteForm,
    ScopedPauseForm,
    ScopedResumeForm,
    ScopeForm,
)
from web.proctor.replies import back_to_room, faults, go_on_duty, me, perform, say, sentence_of
from web.proctor.scope import read_scope
from web.tables import Ruang, Sesi, Sitting

Judge = Callable[[Session, Sequence[str], Pelaku], Ringkasan]
_NAMED = 12


@bp.post("/sesi/<int(max=2147483647):sesi_id>/izinkan")
def admit_all(sesi_id: int) -> ResponseReturnValue:
    """Let everybody in who has logged in and is waiting, within the scope."""

    def act(sesi: Sesi, lingkup: Lingkup, who: Pelaku) -> str:
        ids = kelompok.sittings_in(db.session(), lingkup, Phase.WAITING, arrived=True)
        return _summary(_in_chunks(ids, kelompok.admit, who), "diizinkan mulai")

    return _scoped(sesi_id, ScopeForm(), act)


@bp.post("/sesi/<int(max=2147483647):sesi_id>/jeda")
def pause_many(sesi_id: int) -> ResponseReturnValue:
    """Stop many clocks for one technical cause; who was let in and has not started waits again."""
    form = ScopedPauseForm(prefix="jeda-")
    cause = Sebab(form.sebab.data or "", form.alasan.data or "", bool(form.sejak_kontak.data))

    def act(sesi: Sesi, lingkup: Lingkup, who: Pelaku) -> str:
        def stop(session: Session, some: Sequence[str], by: Pelaku) -> Ringkasan:
            return kelompok.pause(session, some, cause, by)

        def keep_out(session: Session, some: Sequence[str], by: Pelaku) -> Ringkasan:
            return kelompok.revoke(session, some, cause, by)

        admitted = kelompok.sittings_in(db.session(), lingkup, Phase.ADMITTED)
        kept_out = _in_chunks(admitted, keep_out, who)
        found = _in_chunks(kelompok.clocks_in(db.session(), lingkup), stop, who)
        with transaction() as session:
            kelompok.note_pause(session, lingkup, cause, found, who)
            kelompok.note_revoke(session, lingkup, cause, kept_out, who)
        said = _summary(found, "dijeda")
        if kept_out.done:
            said += f" {len(kept_out.done)} peserta yang belum mulai menunggu izin lagi."
        return said

    return _scoped(sesi_id, form, act)


@bp.post("/sesi/<int(max=2147483647):sesi_id>/lanjutkan")
def resume_many(sesi_id: int) -> ResponseReturnValue:
    """Let those clocks run again that were stopped together; the others only when asked."""
    form = ScopedResumeForm(prefix="lanjut-")

    def act(sesi: Sesi, lingkup: Lingkup, who: Pelaku) -> str:
        paused = kelompok.sittings_in(db.session(), lingkup, Phase.PAUSED)
        together = kelompok.stopped_together(db.session(), lingkup)
        ids = paused if form.semua.data else together
        found = _in_chunks(ids, kelompok.resume, who)
        with transaction() as session:
            kelompok.note_resume(session, lingkup, found, who)
        said = _summary(found, "dilanjutkan")
        alone = len(paused) - len(ids)
        if alone:
            said += f" {alone} peserta yang dijeda sendiri-sendiri tetap dijeda."
        return said

    return _scoped(sesi_id, form, act)


@bp.post("/sesi/<int(max=2147483647):sesi_id>/pesan")
def message_many(sesi_id: int) -> ResponseReturnValue:
    """Say something to the sesi, a room, or some seats."""
    form = ScopedMessageForm(prefix="pesan-")

    def act(sesi: Sesi, lingkup: Lingkup, who: Pelaku) -> str:
        with transaction() as session:
            count = _send(session, sesi, lingkup, form.text, who)
        return f"Pesan dikirim kepada {count}."

    return _scoped(sesi_id, form, act)


@bp.post("/sesi/<int(max=2147483647):sesi_id>/kejadian")
def note_many(sesi_id: int) -> ResponseReturnValue:
    """Note what happened in the sesi, in a room, or at some seats."""
    form = ScopedNoteForm(prefix="catat-")

    def act(sesi: Sesi, lingkup: Lingkup, who: Pelaku) -> str:
        jenis, text = form.jenis.data or "", form.uraian.data or ""
        with transaction() as session:
            seats: list[Sitting | None] = list(_people(session, lingkup) or ()) or [None]
            for sitting in seats:
                tindakan.note_irregularity(
                    session, sesi_id, jenis, text, who, sitting=sitting, ruang_id=lingkup.ruang_id
                )
        return "Kejadian dicatat; waktu peserta tidak diubah."

    return _scoped(sesi_id, form, act)


@bp.post("/sesi/<int(max=2147483647):sesi_id>/tutup")
def close(sesi_id: int) -> ResponseReturnValue:
    """Close the sesi once nobody works or is paused."""
    sesi = queries.get_own_sesi(sesi_id)
    who = me()
    return perform(
        lambda s: closing.close_sesi(s, sesi_id, by=who.by, now=who.now, keys=who.keys),
        lambda closed: f"{closed.nama} ditutup. Berita acara dapat diterbitkan.",
        back=url_for(".room", sesi_id=sesi.id),
    )


@bp.post("/sesi/<int(max=2147483647):sesi_id>/papan")
def board(sesi_id: int) -> ResponseReturnValue:
    """Open the score board, or take its address away with ?tutup=1; again changes nothing."""
    queries.get_own_sesi(sesi_id)
    if "tutup" not in request.args:
        return perform(
            lambda s: papan.open_board(s, sesi_id, me()),
            lambda secret: "Papan nilai dibuka.",
            back=url_for(".room", sesi_id=sesi_id),
        )
    return perform(
        lambda s: papan.close_board(s, sesi_id, me()),
        lambda nothing: "Papan nilai ditutup; alamatnya tidak berlaku lagi.",
        back=url_for(".room", sesi_id=sesi_id),
    )


def _scoped(
    sesi_id: int, form: ScopeForm, act: Callable[[Sesi, Lingkup, Pelaku], str]
) -> ResponseReturnValue:
    """An act for a scope, after its form was read; refused in words."""
    sesi = queries.get_own_sesi(sesi_id)
    back = back_to_room(sesi_id)
    if not form.validate():
        return say(f"Belum dilakukan. {faults(form)}", back=back, is_good=False)
    session = db.session()
    try:
        if sesi.is_closed or sesi.is_void:
            raise BadInput(f"{sesi.nama} sudah berakhir.")
        lingkup = read_scope(session, sesi, rooms_of(session, sesi_id), form)
        go_on_duty(sesi_id, lingkup.ruang_id)
        return say(act(sesi, lingkup, me()), back=back)
    except (BadInput, DecisionError) as error:
        return say(str(error), back=back, is_good=False)


def _in_chunks(ids: Sequence[str], judge: Judge, who: Pelaku) -> Ringkasan:
    """One act, a few seats a transaction, so that nobody waits long for a lock; all at one time."""
    found = Ringkasan()
    for first in range(0, len(ids), CHUNK):
        with transaction() as session:
            found.add(judge(session, ids[first : first + CHUNK], who))
    return found


def _summary(found: Ringkasan, done: str) -> str:
    said = f"{len(found.done)} peserta {done}."
    if found.refused:
        shown = [f"kursi {seat} ({sentence_of(why)})" for seat, why in found.refused[:_NAMED]]
        more = len(found.refused) - len(shown)
        said += f" {len(found.refused)} tidak dapat: {'; '.join(shown)}"
        said += f"; dan {more} lagi." if more else "."
    return said


def _people(session: Session, lingkup: Lingkup) -> list[Sitting] | None:
    """The sittings of a scope smaller than a room; None for a room or the sesi."""
    if lingkup.seats is None and lingkup.baris is None:
        return None
    ids = kelompok.everybody_in(session, lingkup)
    if not ids:
        raise BadInput("Tidak ada peserta pada kursi itu.")
    return [session.get_one(Sitting, one) for one in ids]


def _send(session: Session, sesi: Sesi, lingkup: Lingkup, text: str, who: Pelaku) -> str:
    room = session.get(Ruang, lingkup.ruang_id) if lingkup.ruang_id else None
    people = _people(session, lingkup)
    audit.record(
        session, at=who.now, by=who.by, act="kirim pesan", subject=f"sesi {sesi.id}", isi=text
    )
    if people is None:
        panggilan.send(session, sesi, text, by=who.by, now=who.now, ruang=room)
        return room.nama if room else "seluruh sesi"
    for sitting in people:
        panggilan.send(session, sesi, text, by=who.by, now=who.now, sitting=sitting)
    return f"{len(people)} peserta"
