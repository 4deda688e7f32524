"""Being on duty, handing over, and the proposals that a second person decides."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from web.db import db
from web.operations.pengawasan import serah_terima
from web.operations.pengawasan.pelaku import take_up_duty
from web.operations.pengawasan.pindah import rooms_of
from web.proctor import queries
from web.proctor.blueprint import bp
from web.proctor.forms import SESI, AnswerForm, HandOverForm, ScopeForm
from web.proctor.replies import faults, me, perform, say


@bp.post("/sesi/<int(max=2147483647):sesi_id>/tugas")
def begin(sesi_id: int) -> ResponseReturnValue:
    """Go on duty, for the sesi or one of its rooms."""
    sesi = queries.get_own_sesi(sesi_id)
    text = ScopeForm().lingkup.data or SESI
    rooms = {f"ruang-{room.id}": room.id for room in rooms_of(db.session(), sesi.id)}
    return perform(
        lambda s: take_up_duty(s, sesi_id, me(), ruang_id=rooms.get(text)),
        lambda duty: "Tugas Anda dicatat." if duty else "Sesi ini sudah berakhir.",
        back=url_for(".room", sesi_id=sesi_id),
    )


@bp.post("/sesi/<int(max=2147483647):sesi_id>/serah-terima")
def hand_over(sesi_id: int) -> ResponseReturnValue:
    """Ask a colleague to take over."""
    sesi = queries.get_own_sesi(sesi_id)
    form, back = HandOverForm(prefix="serah-"), url_for(".room", sesi_id=sesi.id)
    if not form.validate():
        return say(f"Belum diserahkan. {faults(form)}", back=back, is_good=False)
    to, note = form.ke.data or "", form.catatan.data or ""
    return perform(
        lambda s: serah_terima.propose(s, sesi_id, to, note, me()),
        lambda row: "Serah terima menunggu jawaban; pengawas penerima menjawab dengan akunnya.",
        back=back,
    )


@bp.post("/serah-terima/<int(max=2147483647):usul_id>/jawab")
def answer_hand_over(usul_id: int) -> ResponseReturnValue:
    """The colleague accepts or declines; whoever proposed may take it back."""
    row, form = queries.get_own_proposal(usul_id), AnswerForm()
    back = url_for(".room", sesi_id=row.sesi_id)
    if not form.validate():
        return say(faults(form), back=back, is_good=False)
    accept = form.jawaban.data == "ya"
    return perform(
        lambda s: serah_terima.answer(s, usul_id, accept, me()),
        lambda row: "Tugas Anda terima." if accept else "Serah terima dibatalkan.",
        back=back,
    )
