"""The way of a request: every legal move, and that nothing else gets through."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import (
    NotYourStep,
    RecordBroken,
    RequestError,
    RuleForbids,
    StepIncomplete,
    StepOutOfTurn,
)
from cat.ketentuan.fleksibel.keadaan import State
from cat.ketentuan.fleksibel.langkah import (
    ROLES_OF,
    TRANSITIONS,
    WITHOUT_REASON,
    Actor,
    Move,
    Role,
    Standing,
    Step,
)
from cat.ketentuan.fleksibel.permohonan import apply, fold
from tests.cat.ketentuan.fleksibel.langkah_contoh import (
    ACTOR_OF,
    BEGIN,
    EMPLOYEE,
    HEAD,
    SECOND_HEAD,
    STAFF,
    SUPERIOR,
    step,
    terms,
)

M, S = Move, Standing
A_DAY = timedelta(days=1)


def walk(*moves: Move | tuple[Move, dict[str, Any]], gap: timedelta = A_DAY) -> State:
    """The state after these moves, a day apart, each by the usual person unless said otherwise."""
    state, day = State(), BEGIN
    for each in moves:
        move, changes = each if isinstance(each, tuple) else (each, {})
        state = take(state, move, day, **changes)
        day += gap
    return state


def take(state: State, move: Move, day: date, **changes: Any) -> State:
    actor = changes.pop("actor", None) or usual_actor(state, move)
    return apply(state, step(move, day, state, actor, **changes))


def usual_actor(state: State, move: Move) -> Actor:
    """Objections, and decisions after one that was granted, are the second head's."""
    judges = move in (M.KABULKAN, M.TOLAK_KEBERATAN)
    decides_again = move in (M.SETUJUI, M.TOLAK) and state.barred
    if judges or decides_again:
        return SECOND_HEAD if state.decided_by == HEAD else HEAD
    return ACTOR_OF[min(ROLES_OF[move])]


APPROVED = (M.AJUKAN, M.DUKUNG, M.SETUJUI)
WAYS = [
    ("asked and withdrawn", (M.AJUKAN, M.TARIK), S.DITARIK),
    ("returned and sent again", (M.AJUKAN, M.KEMBALIKAN, M.AJUKAN_ULANG), S.DIAJUKAN),
    (
        "not supported, still the head's to decide",
        (M.AJUKAN, M.TIDAK_DUKUNG, M.SETUJUI),
        S.DISETUJUI,
    ),
    (
        "evidence asked for, given and recorded",
        (M.AJUKAN, M.DUKUNG, M.MINTA_BUKTI, M.BERI_BUKTI, M.CATAT_BUKTI, M.SETUJUI),
        S.DISETUJUI,
    ),
    ("watched, reviewed, extended", (*APPROVED, M.PANTAU, M.EVALUASI, M.PERPANJANG), S.DISETUJUI),
    ("breach cleared up", (*APPROVED, M.PANGGIL, M.TANGGAPI, M.LANJUTKAN), S.DISETUJUI),
    ("revoked after hearing", (*APPROVED, M.PANGGIL, M.TANGGAPI, M.CABUT), S.DICABUT),
    (
        "revocation overturned",
        (*APPROVED, M.PANGGIL, M.TANGGAPI, M.CABUT, M.AJUKAN_KEBERATAN, M.KABULKAN),
        S.DISETUJUI,
    ),
    (
        "refusal overturned, somebody else decides again",
        (M.AJUKAN, M.DUKUNG, M.TOLAK, M.AJUKAN_KEBERATAN, M.KABULKAN, M.SETUJUI),
        S.DISETUJUI,
    ),
    (
        "refusal upheld",
        (M.AJUKAN, M.DUKUNG, M.TOLAK, M.AJUKAN_KEBERATAN, M.TOLAK_KEBERATAN),
        S.DITOLAK,
    ),
]


@pytest.mark.parametrize(("name", "moves", "ends"), WAYS, ids=[way[0] for way in WAYS])
def test_a_whole_way_ends_where_it_should(name, moves, ends):
    assert walk(*moves).standing is ends


def test_every_move_is_part_of_some_way():
    assert set(itertools.chain.from_iterable(way[1] for way in WAYS)) == set(Move)


def legal_moves(state: State, day: date) -> list[Step]:
    """One good step of every kind that the state allows."""
    found = []
    for move in state.moves(day):
        later = day + 4 * A_DAY if move is M.CABUT else day  # past the day of the hearing
        made = step(move, later, state, usual_actor(state, move))
        try:
            apply(state, made)
        except RequestError:
            continue
        found.append(made)
    return found


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), min_size=1, max_size=14))
def test_from_any_state_every_illegal_move_is_refused_and_changes_nothing(choices):
    state, day, taken = State(), BEGIN, []
    for pick, gap in choices:
        possible = legal_moves(state, day)
        if not possible:
            break
        taken.append(possible[pick % len(possible)])
        state = apply(state, taken[-1])
        day = taken[-1].day + gap * A_DAY

    before = state
    for move, role in itertools.product(Move, Role):
        made = step(move, day, state, ACTOR_OF[role])
        if state.standing_on(day) not in TRANSITIONS[move]:
            with pytest.raises(StepOutOfTurn):
                apply(state, made)
        elif role not in ROLES_OF[move]:
            with pytest.raises(NotYourStep):
                apply(state, made)
        if move not in WITHOUT_REASON:
            with pytest.raises(RequestError):
                apply(state, step(move, day, state, ACTOR_OF[role], reason=" "))
    assert state == before == fold(taken)
    if state.standing is S.DISETUJUI:
        assert state.decided_by is not None
        assert state.decided_by.role is Role.PIMPINAN
        assert state.granted is not None


OUTCOMES = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]),
    st.sampled_from(["TERPENUHI", "TIDAK_TERPENUHI", "PERLU_BUKTI"]),
    max_size=4,
)


@given(OUTCOMES, st.sets(st.sampled_from(["a", "b", "c", "d"])))
def test_an_approval_goes_through_only_when_no_test_fails_and_all_evidence_is_recorded(
    outcomes, recorded
):
    state = walk(M.AJUKAN, M.DUKUNG)
    for kode in sorted(recorded):
        state = take(state, M.CATAT_BUKTI, BEGIN + A_DAY, data={"uji": kode})

    unmet = "TIDAK_TERPENUHI" in outcomes.values()
    open_ = {kode for kode, said in outcomes.items() if said == "PERLU_BUKTI"} - recorded
    try:
        after = take(state, M.SETUJUI, BEGIN + A_DAY, data={"hasil": outcomes})
    except (RuleForbids, StepIncomplete):
        assert unmet or open_ or not outcomes
    else:
        assert not unmet
        assert not open_
        assert after.standing is S.DISETUJUI


def test_there_is_no_capacity_in_which_an_engine_could_act():
    assert {role.value for role in Role} == {"pegawai", "atasan", "pimpinan", "staf"}
    assert ROLES_OF[M.SETUJUI] == {Role.PIMPINAN}
    with pytest.raises(NotYourStep, match="orang yang dikenal"):
        take(walk(M.AJUKAN, M.DUKUNG), M.SETUJUI, BEGIN + A_DAY, actor=Actor(" ", Role.PIMPINAN))


REFUSED = [
    ("a head on the own request", (M.AJUKAN, M.DUKUNG), M.SETUJUI, NotYourStep,
     {"actor": Actor("ratna2", Role.PIMPINAN, 1)}),
    ("an employee as the own superior", (M.AJUKAN,), M.DUKUNG, NotYourStep,
     {"actor": Actor("ratna", Role.ATASAN, 1)}),
    ("somebody else's request withdrawn", (M.AJUKAN,), M.TARIK, NotYourStep,
     {"actor": Actor("bayu", Role.PEGAWAI, 9)}),
    ("an account without an employee", (M.AJUKAN,), M.DUKUNG, NotYourStep,
     {"actor": Actor("atasan", Role.ATASAN)}),
    ("an opinion without a reason", (M.AJUKAN,), M.TIDAK_DUKUNG, StepIncomplete, {"reason": "no"}),
    ("a request from the past", (), M.AJUKAN, StepIncomplete,
     {"data": {"permohonan": {**step(M.AJUKAN, BEGIN, State(), EMPLOYEE).data["permohonan"],
                              "dari": "2026-03-01"}}}),
    ("three days without an exception", (M.AJUKAN, M.DUKUNG), M.SETUJUI, RuleForbids,
     {"data": {"ketetapan": terms(BEGIN + 9 * A_DAY, hari=("senin", "selasa", "rabu"))}}),
    ("an exception that the rule does not know", (M.AJUKAN, M.DUKUNG), M.SETUJUI, RuleForbids,
     {"data": {"ketetapan": terms(BEGIN + 9 * A_DAY, pengecualian="hujan")}}),
    ("a decision for longer than six months", (M.AJUKAN, M.DUKUNG), M.SETUJUI, RuleForbids,
     {"data": {"ketetapan": terms(BEGIN + 9 * A_DAY, sampai=date(2026, 9, 11))}}),
    ("a decision that began yesterday", (M.AJUKAN, M.DUKUNG), M.SETUJUI, RuleForbids,
     {"data": {"ketetapan": terms(BEGIN)}}),
    ("one person too many in the unit", (M.AJUKAN, M.DUKUNG), M.SETUJUI, RuleForbids,
     {"data": {"jatah": [{"kapan": "selasa", "orang": 3, "anggota": 8, "persen": 25}]}}),
    ("an approval without an assessment", (M.AJUKAN, M.DUKUNG), M.SETUJUI, StepIncomplete,
     {"data": {"hasil": {}}}),
    ("an extension that shortens", APPROVED, M.PERPANJANG, StepIncomplete,
     {"data": {"sampai": "2026-03-10"}}),
    ("a revocation before the hearing", (*APPROVED, M.PANGGIL), M.CABUT, StepIncomplete, {}),
    ("own output judged by oneself", APPROVED, M.PANTAU, NotYourStep,
     {"actor": EMPLOYEE, "data": {"laporan": {"minggu": "2026-03-02", "menit": 1, "cuti": 0,
      "ramadan": False, "hasil": "selesai", "sesuai": True}}}),
    ("an objection judged by who decided", (M.AJUKAN, M.DUKUNG, M.TOLAK, M.AJUKAN_KEBERATAN),
     M.KABULKAN, NotYourStep, {"actor": HEAD}),
    ("the same person under a second account",
     (M.AJUKAN, M.DUKUNG, M.TOLAK, M.AJUKAN_KEBERATAN), M.TOLAK_KEBERATAN, NotYourStep,
     {"actor": Actor("kepala", Role.PIMPINAN, 3)}),
    ("the overturned head deciding again",
     (M.AJUKAN, M.DUKUNG, M.TOLAK, M.AJUKAN_KEBERATAN, M.KABULKAN), M.TOLAK, NotYourStep,
     {"actor": HEAD}),
    ("a second objection",
     (M.AJUKAN, M.DUKUNG, M.TOLAK, M.AJUKAN_KEBERATAN, M.TOLAK_KEBERATAN), M.AJUKAN_KEBERATAN,
     StepOutOfTurn, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "moves", "move", "error", "changes"), REFUSED, ids=[row[0] for row in REFUSED]
)
def test_it_is_refused(name, moves, move, error, changes):
    state = walk(*moves)
    day = BEGIN + len(moves) * A_DAY

    with pytest.raises(error):
        take(state, move, day, **changes)


def test_a_stated_exception_lifts_the_limit_of_days():
    state = walk(M.AJUKAN, M.DUKUNG)
    more = terms(BEGIN + A_DAY, hari=("senin", "selasa", "rabu"), pengecualian="keadaan_khusus")

    assert take(state, M.SETUJUI, BEGIN + A_DAY, data={"ketetapan": more}).granted is not None


def test_an_arrangement_ends_by_itself_and_nothing_can_be_done_to_it_afterwards():
    state = walk(*APPROVED)
    assert state.granted is not None
    last = state.granted.sampai

    assert state.standing_on(last) is S.DISETUJUI
    assert state.is_active(last)
    assert state.standing_on(last + A_DAY) is S.BERAKHIR
    assert not state.is_active(last + A_DAY)
    assert state.moves(last + A_DAY) == ()


def test_a_revocation_needs_an_answer_or_the_day_of_the_hearing_to_pass():
    state = walk(*APPROVED, M.PANGGIL)
    assert state.hearing_on is not None

    assert take(state, M.CABUT, state.hearing_on + A_DAY).standing is S.DICABUT
    heard = take(state, M.TANGGAPI, state.hearing_on - A_DAY)
    assert take(heard, M.CABUT, state.hearing_on - A_DAY).standing is S.DICABUT


def test_the_last_day_of_objecting_is_the_last_day():
    refused = walk(M.AJUKAN, M.DUKUNG, M.TOLAK)
    until = refused.objection_until()

    assert until == BEGIN + 2 * A_DAY + timedelta(days=35)
    assert take(refused, M.AJUKAN_KEBERATAN, until).standing is S.KEBERATAN_PENOLAKAN
    with pytest.raises(StepOutOfTurn, match="08-04-2026"):
        take(refused, M.AJUKAN_KEBERATAN, until + A_DAY)


def test_evidence_is_used_up_by_an_approval_and_needed_again_for_an_extension():
    asks = {"hasil": {"tanpa_proses_disiplin": "PERLU_BUKTI"}}
    state = walk(M.AJUKAN, M.DUKUNG, M.CATAT_BUKTI, (M.SETUJUI, {"data": asks}))
    day = BEGIN + 5 * A_DAY

    with pytest.raises(RuleForbids, match="Bukti belum dicatat"):
        take(state, M.PERPANJANG, day, data=asks)
    again = take(state, M.CATAT_BUKTI, day, actor=STAFF)
    assert take(again, M.PERPANJANG, day, data=asks).granted.sampai > state.granted.sampai


def test_reviews_fall_due_in_the_rhythm_of_the_policy():
    approved = walk(*APPROVED)
    assert approved.review_due == date(2026, 6, 4)

    reviewed = take(approved, M.EVALUASI, date(2026, 5, 20), actor=SUPERIOR)
    assert reviewed.review_due == date(2026, 8, 20)


def test_a_record_that_goes_back_in_time_is_broken():
    with pytest.raises(RecordBroken):
        take(walk(M.AJUKAN, M.DUKUNG), M.SETUJUI, BEGIN)
