"""A simulated person who sits an exam through the same moves as everybody else."""

from __future__ import annotations

import numpy as np

from cat.exam import moves
from cat.exam.moves import GRACE_SECONDS
from cat.exam.record import MICROSECONDS, Event
from cat.exam.state import Phase, State, apply
from cat.itembank.content import LETTERS
from cat.selection.published import adaptive_parts
from cat.simulation.cohort import answer_category


def sit(
    state: State,
    theta: np.ndarray,
    rng: np.random.Generator,
    *,
    now: int,
    seconds_per_item: float,
    proctor: str,
) -> list[Event]:
    """Events of a whole sitting.

    theta : (P,) true abilities per part. now : when the proctor lets the person in.
    seconds_per_item : median time for an answer; slow people run out of time.
    """
    events: list[Event] = []

    def happen(made: list[Event]) -> None:
        nonlocal state
        for event in made:
            state = apply(state, event)
        events.extend(made)

    happen(moves.admit(state, now, proctor))
    now += int(rng.integers(20, 240)) * MICROSECONDS
    happen(moves.start(state, now))
    while state.phase is not Phase.FINISHED:
        now += int(rng.lognormal(np.log(seconds_per_item), 0.5) * MICROSECONDS)
        # Who is late finds the sitting closed: nobody sends from beyond the deadline.
        late = moves.time_up(state, now + GRACE_SECONDS * MICROSECONDS)
        happen(late or moves.answer(state, now, state.number, _letter(state, theta, rng)))
    return events


def _letter(state: State, theta: np.ndarray, rng: np.random.Generator) -> str:
    """The letter on the screen that the person marks."""
    if state.trial is not None:  # nobody knows how hard it is: any option will do
        return LETTERS[int(rng.integers(len(LETTERS)))]
    part = adaptive_parts(state.pool)[state.part]
    ability = theta[[state.part]]
    category = answer_category(part, ability, np.array([state.current]), rng.random(1))[0]
    fitting = np.flatnonzero(np.array(state.current_part.category[state.current]) == category)
    own = LETTERS[int(rng.choice(fitting))]
    return LETTERS[state.order.index(own)]
