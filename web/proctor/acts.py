"""What a proctor does to one seat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cat.exam.state import Phase, State
from web.operations import audit
from web.operations.hari_ujian import panggilan
from web.operations.pengawasan import buka_kembali, pindah, tindakan
from web.operations.pengawasan.pelaku import open_sesi
from web.operations.pengawasan.tindakan import Sebab
from web.proctor import queries
from web.proctor.blueprint import bp
from web.proctor.forms import (
    EndForm,
    Form,
    MessageForm,
    MoveForm,
    NoteForm,
    PauseForm,
    ReasonForm,
)
from web.proctor.replies import back_to_room, faults, go_on_duty, me, perform, say
from web.tables import Sitting


@bp.post("/ujian/<sitting_id>/izinkan")
def admit(sitting_id: str) -> ResponseReturnValue:
    """Let one candidate in."""
    return _act(sitting_id, lambda s: tindakan.admit(s, sitting_id, me()), "diizinkan mulai")


@bp.post("/ujian/<sitting_id>/tolak")
def refuse(sitting_id: str) -> ResponseReturnValue:
    """Send somebody away who waits."""
    return _with_form(
        sitting_id,
        form := ReasonForm(),
        lambda s: tindakan.refuse_entry(s, sitting_id, form.alasan.data or "", me()),
        "ditolak masuk; kursinya kosong lagi",
    )


@bp.post("/ujian/<sitting_id>/jeda")
def pause(sitting_id: str) -> ResponseReturnValue:
    """Stop a candidate's clock, for a technical cause."""
    form = PauseForm()
    cause = Sebab(form.sebab.data or "", form.alasan.data or "", bool(form.sejak_kontak.data))
    return _with_form(
        sitting_id, form, lambda s: tindakan.pause(s, sitting_id, cause, me()), "dijeda"
    )


@bp.post("/ujian/<sitting_id>/lanjutkan")
def resume(sitting_id: str) -> ResponseReturnValue:
    """Let a candidate's clock run again."""
    return _act(sitting_id, lambda s: tindakan.resume(s, sitting_id, me()), "dilanjutkan")


@bp.post("/ujian/<sitting_id>/pindah")
def move(sitting_id: str) -> ResponseReturnValue:
    """Give somebody another seat."""
    form = MoveForm()

    def to_seat(session: Session) -> Sitting:
        return pindah.move(session, sitting_id, form.kursi.data or 0, form.alasan.data or "", me())

    return _with_form(sitting_id, form, to_seat, _moved)


@bp.post("/ujian/<sitting_id>/akhiri")
def end(sitting_id: str) -> ResponseReturnValue:
    """End somebody's exam."""
    return _with_form(
        sitting_id,
        form := EndForm(),
        lambda s: tindakan.end(s, sitting_id, form.alasan.data or "", me()),
        lambda state: "ujian diakhiri; yang sudah dijawab dinilai",
    )


@bp.post("/ujian/<sitting_id>/buka-kembali")
def propose_reopening(sitting_id: str) -> ResponseReturnValue:
    """Ask for a finished exam to be opened again."""
    return _with_form(
        sitting_id,
        form := ReasonForm(),
        lambda s: buka_kembali.propose(s, sitting_id, form.alasan.data or "", me()),
        "usul membuka kembali dicatat; orang kedua harus menyetujuinya di halaman Persetujuan",
    )


@bp.post("/ujian/<sitting_id>/kejadian")
def note(sitting_id: str) -> ResponseReturnValue:
    """Note what happened at one seat."""
    form = NoteForm()

    def write(session: Session) -> object:
        sitting = session.get_one(Sitting, sitting_id)
        return tindakan.note_irregularity(
            session,
            sitting.sesi_id,
            form.jenis.data or "",
            form.uraian.data or "",
            me(),
            sitting=sitting,
        )

    return _with_form(sitting_id, form, write, "kejadian dicatat; waktunya tidak diubah")


@bp.post("/ujian/<sitting_id>/pesan")
def message(sitting_id: str) -> ResponseReturnValue:
    """Say something to one seat."""
    form = MessageForm()

    def send(session: Session) -> object:
        sitting = session.get_one(Sitting, sitting_id)
        open_sesi(session, sitting.sesi_id)
        who = me()
        audit.record(
            session, at=who.now, by=who.by, act="kirim pesan", subject=sitting_id, isi=form.text
        )
        return panggilan.send(
            session, sitting.sesi, form.text, by=who.by, now=who.now, sitting=sitting
        )

    return _with_form(sitting_id, form, send, "pesan dikirim")


@bp.post("/masuk/<masuk_id>/izinkan")
def allow_login(masuk_id: str) -> ResponseReturnValue:
    """Let one of several computers go on."""
    sitting_id = queries.get_own_login(masuk_id).sitting_id
    return _act(
        sitting_id,
        lambda s: tindakan.allow_login(s, masuk_id, me()),
        _allowed,
    )


@bp.post("/panggilan/<int(max=2147483647):panggilan_id>/jawab")
def attend(panggilan_id: int) -> ResponseReturnValue:
    """A call has been seen to."""
    sitting_id = queries.get_own_call(panggilan_id).sitting_id
    return _act(sitting_id, lambda s: tindakan.attend(s, panggilan_id, me()), "panggilan dijawab")


def _allowed(sitting: Sitting) -> str:
    said = "komputer itu boleh melanjutkan, yang lain dikeluarkan"
    return f"{said}. Waktunya masih dijeda" if sitting.phase == Phase.PAUSED else said


def _moved(sitting: Sitting) -> str:
    if sitting.phase == Phase.FINISHED:
        return "waktunya sudah habis, ujian ditutup"
    said = f"pindah ke kursi {sitting.seat}; peserta masuk lagi di sana dengan PIN yang sama"
    if sitting.phase == Phase.PAUSED:
        return said + ". Waktunya berhenti: tekan Lanjutkan setelah ia masuk"
    return said


def _with_form(
    sitting_id: str,
    form: Form,
    act: Callable[[Session], Any],
    done: str | Callable[[Any], str],
) -> ResponseReturnValue:
    """An act whose form must be in order first."""
    if not form.validate():
        sitting = queries.get_own_sitting(sitting_id)
        text = f"{_whom(sitting)}: belum dilakukan. {faults(form)}"
        return say(text, back=_back(sitting), is_good=False)
    return _act(sitting_id, act, done)


def _act(
    sitting_id: str, act: Callable[[Session], Any], done: str | Callable[[Any], str]
) -> ResponseReturnValue:
    sitting = queries.get_own_sitting(sitting_id)
    whom, back = _whom(sitting), _back(sitting)
    go_on_duty(sitting.sesi_id, sitting.ruang_id)

    def said(outcome: Any) -> str:
        if callable(done):
            return f"{done(outcome)}."
        is_closed = isinstance(outcome, State) and outcome.phase is Phase.FINISHED
        return f"{'waktunya sudah habis, ujian ditutup' if is_closed else done}."

    return perform(act, said, back=back, whom=whom)


def _whom(sitting: Sitting) -> str:
    return f"Kursi {sitting.seat}, {sitting.peserta.person.nama}"


def _back(sitting: Sitting) -> str:
    if request.form.get("dari") == "kursi":
        return url_for(".seat", sitting_id=sitting.id)
    return back_to_room(sitting.sesi_id)
