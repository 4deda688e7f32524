"""Linear sittings: one form, free movement, the last choice counts, raw points."""

from __future__ import annotations

import numpy as np
import pytest

from cat.errors import NotTheCurrentItem, RecordBroken, TooManyChanges
from cat.exam import moves
from cat.exam.outcome import outcome, profile
from cat.exam.record import LINEAR, MICROSECONDS, Event, Kind, Terms
from cat.exam.state import Phase, apply, begin, replay
from cat.irt import logistic
from cat.itembank.content import LETTERS
from cat.itembank.pool import load
from cat.scoring.eap import normal_quadrature
from tests.conftest import toy_pool

POOL = toy_pool(forms=3)
LIMIT = 600


class Peserta:
    """A candidate of a linear sitting; time in seconds."""

    def __init__(self, form="A", seed=42):
        self.terms = Terms("s-1", POOL.digest, "r", LINEAR, seed, LIMIT, form)
        self.state, self.events, self.now = begin(self.terms, POOL), [], 0
        self.does(moves.admit, "pengawas")
        self.does(moves.start)

    def does(self, move, *args, **kwargs):
        self.now += 1
        made = move(self.state, self.now * MICROSECONDS, *args, **kwargs)
        for event in made:
            self.state = apply(self.state, event)
        self.events += made
        return [event.kind for event in made]

    def chooses(self, number, own):
        """Choose the item's own letter, wherever it is on the screen."""
        self.does(moves.choose, number, LETTERS[self.state.order_at(number).index(own)])

    def result(self):
        return {part.part: part for part in outcome(self.state)}


@pytest.fixture
def peserta():
    return Peserta()


def test_items_are_open_in_any_order_and_the_last_choice_counts(peserta):
    peserta.does(moves.choose, 9, "A")
    peserta.does(moves.choose, 2, "C")
    peserta.does(moves.choose, 9, "D")

    assert peserta.state.shown_at(9) == "D"
    assert peserta.state.shown_at(2) == "C"
    assert (peserta.state.answered, peserta.state.empty) == (2, POOL.length - 2)
    assert peserta.state.number == 9


@pytest.mark.parametrize(
    ("arrived", "stands"),
    [
        ([("A", 1), ("B", 2)], "B"),
        ([("B", 2), ("A", 1)], "B"),
        ([("A", 1), ("B", 2), ("A", 1), ("B", 2)], "B"),
        ([("A", 1), ("A", 3), ("B", 2)], "A"),
        ([("A", 0), ("B", 0)], "B"),
        ([("B", 2), ("A", 0)], "A"),
        ([("A", 0), ("B", 2), ("C", 2)], "B"),
    ],
    ids=[
        *("in order", "overtaken", "each twice", "back to the first", "a page without turns"),
        *("a page without turns after one with them", "two acts with one turn"),
    ],
)
def test_requests_that_overtake_each_other_leave_the_last_act(peserta, arrived, stands):
    for shown, turn in arrived:
        peserta.does(moves.choose, 1, shown, turn=turn)

    assert peserta.state.shown_at(1) == stands


def test_choices_and_flags_of_an_item_share_one_order(peserta):
    peserta.does(moves.flag, 1, True, turn=5)

    assert peserta.does(moves.choose, 1, "A", turn=4) == []
    assert peserta.does(moves.choose, 2, "A", turn=4) == [Kind.CHOSEN]
    assert peserta.does(moves.flag, 1, False, turn=6) == [Kind.FLAGGED]
    assert peserta.state.turn_of(1) == 6


def test_a_flag_is_no_answer_and_an_answer_no_flag(peserta):
    peserta.does(moves.flag, 3, True)
    peserta.does(moves.choose, 4, "B")

    assert (peserta.state.answered, peserta.state.unsure) == (1, 1)
    assert peserta.does(moves.flag, 3, True) == []
    peserta.does(moves.flag, 3, False)
    assert peserta.state.unsure == 0


def test_one_item_cannot_make_the_record_grow_without_end(peserta):
    for turn in range(moves.MOST_CHANGES):
        peserta.does(moves.choose, 1, "AB"[turn % 2])

    with pytest.raises(TooManyChanges):
        peserta.does(moves.flag, 1, True)
    assert peserta.does(moves.choose, 2, "A") == [Kind.CHOSEN]


def test_a_number_beyond_the_form_is_refused(peserta):
    with pytest.raises(NotTheCurrentItem):
        peserta.does(moves.choose, POOL.length + 1, "A")


def test_finishing_keeps_what_is_stored_and_says_who_ended_it(peserta):
    peserta.does(moves.choose, 1, "A")

    assert peserta.does(moves.finish) == [Kind.FINISHED]
    assert peserta.events[-1].data == {"sebab": "diakhiri peserta"}
    assert peserta.does(moves.finish) == []
    assert peserta.does(moves.choose, 1, "A") == []  # a repeated request is still welcome
    assert peserta.state.answered == 1


def test_time_that_runs_out_submits_nothing_but_what_is_stored(peserta):
    peserta.does(moves.choose, 1, "A")
    peserta.now += LIMIT

    assert peserta.does(moves.time_up) == []  # within the grace
    peserta.now += 20
    assert peserta.does(moves.time_up) == [Kind.FINISHED]
    assert peserta.events[-1].at == (2 + LIMIT) * MICROSECONDS
    assert peserta.state.answered == 1


def test_every_right_answer_brings_the_full_mark_and_an_empty_sheet_nothing(peserta):
    empty = peserta.result()
    for number in range(1, peserta.state.length + 1):
        points = peserta.state.item_at(number).points
        peserta.chooses(number, LETTERS[points.index(max(points))])
    full = peserta.result()

    assert [part.nilai for part in empty.values()] == [0, 0, 0]
    assert [part.nilai_se for part in empty.values()] == [0, 0, 0]
    assert [part.nilai for part in full.values()] == [part.maximum for part in full.values()]
    assert [part.maximum for part in full.values()] == [20, 30, 20]  # 4 x 5, 6 x 5, 4 x 5
    assert [part.reason for part in full.values()] == [1, 1, 1]


def test_raw_points_follow_the_scheme_of_the_law(peserta):
    """5 for a right answer and 0 for a wrong one; 1 to 5 in TKP; 0 where empty."""
    tkp = [n for n in range(1, 15) if peserta.state.part_at(n).part == "tkp"]
    for number, worth in zip(tkp, (5, 3, 1), strict=False):  # the fourth stays empty
        peserta.chooses(number, LETTERS[peserta.state.item_at(number).points.index(worth)])
    for number, right in ((1, True), (2, False), (3, True)):
        points = peserta.state.item_at(number).points
        peserta.chooses(number, LETTERS[points.index(int(right))])

    found = peserta.result()

    assert (found["twk"].nilai, found["tiu"].nilai, found["tkp"].nilai) == (10, 0, 9)
    assert (found["tkp"].answered, found["tkp"].length, found["tkp"].reason) == (3, 4, 0)


def test_theta_is_what_the_same_answers_say_and_se_what_they_leave_open(peserta):
    for number in (1, 2):
        peserta.chooses(number, LETTERS[peserta.state.item_at(number).points.index(1)])
    items = [peserta.state.item_at(n).parameters for n in (1, 2)]
    quadrature = normal_quadrature()
    nodes, belief = quadrature.nodes, quadrature.weights.copy()
    a, b = np.array([i.a for i in items]), np.array([i.b[0] for i in items])
    p = logistic.probability(nodes, a, b, 0.2)
    belief *= p.prod(axis=1)
    belief /= belief.sum()

    twk = peserta.result()["twk"]

    mean = float(belief @ nodes)
    assert twk.theta == pytest.approx(mean, abs=1e-6)
    assert twk.se == pytest.approx(np.sqrt(belief @ (nodes - mean) ** 2), abs=1e-6)
    here = logistic.probability(np.array([twk.theta]), a, b, 0.2)[0]
    assert twk.nilai_se == pytest.approx(5 * np.sqrt((here * (1 - here)).sum()), abs=1e-6)


def test_the_profile_of_a_linear_sitting_covers_every_domain(peserta):
    for number in range(1, peserta.state.length + 1):
        peserta.does(moves.choose, number, "A")

    found = profile(peserta.state)

    assert {part: len(scores) for part, scores in found.items()} == {"twk": 2, "tiu": 3, "tkp": 2}
    assert all(score.se < 1 for part in found.values() for score in part.values())


def test_a_form_shows_its_items_in_its_order_with_options_shuffled_by_the_seed():
    one, other = Peserta("B", seed=1).state, Peserta("B", seed=2).state

    keys = [one.item_at(n).key for n in range(1, one.length + 1)]
    assert keys == [other.item_at(n).key for n in range(1, other.length + 1)]
    assert keys == list(POOL.numbers("B"))
    assert [one.order_at(n) for n in range(1, 8)] != [other.order_at(n) for n in range(1, 8)]


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (Event(3, Kind.ANSWERED, 9, "ITEM", "A"), "no final answers"),
        (Event(3, Kind.CHOSEN, 9, "TWK-TIDAK-ADA@1", "A"), "not in form A"),
        (Event(3, Kind.CHOSEN, 9, "ITEM", "AB"), "does not exist"),
        (Event(3, Kind.FLAGGED, 9, "ITEM", data={"ragu": 1}), "up or down"),
    ],
)
def test_what_a_linear_record_cannot_hold_breaks_it(event, why):
    terms = Peserta().terms
    first = begin(terms, POOL).item_at(1).key
    started = [Event(1, Kind.ADMITTED, 0, data={"oleh": "p"}), Event(2, Kind.STARTED, 0)]
    item = first if event.item == "ITEM" else event.item
    wrong = Event(event.seq, event.kind, event.at, item, event.option, event.data)

    with pytest.raises(RecordBroken, match=why):
        replay(terms, POOL, [*started, wrong])


def test_a_form_that_the_pool_lacks_breaks_the_record():
    with pytest.raises(RecordBroken, match="form 'Z'"):
        begin(Terms("s-1", POOL.digest, "r", LINEAR, 1, LIMIT, "Z"), POOL)


def test_a_reopened_sitting_goes_on_with_the_time_it_had(peserta):
    peserta.does(moves.choose, 1, "A")
    peserta.does(moves.finish)
    left = peserta.state.left(0)
    peserta.now += 1_000

    assert peserta.does(moves.reopen, "staf", "staf2", "salah tekan") == [Kind.REOPENED]
    assert peserta.state.phase is Phase.PAUSED
    assert peserta.does(moves.resume, "pengawas") == [Kind.RESUMED]
    assert peserta.state.left(peserta.now * MICROSECONDS) == left
    assert peserta.does(moves.choose, 2, "B") == [Kind.CHOSEN]


def test_forms_are_kept_in_the_pool_and_pools_without_them_keep_their_digest():
    again = load(POOL.manifest, POOL.tables, POOL.digest)

    assert again.forms == POOL.forms
    assert b"paket" not in toy_pool().manifest
