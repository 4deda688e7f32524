"""How many of whom might ask under a changed policy, and which tests stop them?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cat.ketentuan.fleksibel.fakta import Devices, Subject
from cat.ketentuan.fleksibel.kebijakan import Policy
from cat.ketentuan.fleksibel.lapisan import PERANGKAT
from cat.ketentuan.fleksibel.pemeriksaan import Conclusion, assess
from cat.ketentuan.fleksibel.penilaian import Outcome

ELIGIBLE = Conclusion.DAPAT_DIAJUKAN_KEPADA_PIMPINAN


@dataclass(frozen=True)
class Case:
    """One employee of a study.

    key : whoever the caller means. subject : the facts. today, changed : the policy in force for
    the employee, and the one to try. groups : dimension, such as "unit", -> group.
    """

    key: int
    subject: Subject
    today: Policy
    changed: Policy
    groups: Mapping[str, str]


@dataclass(frozen=True)
class GroupRow:
    """How many of one group might ask, before and after."""

    name: str
    people: int
    before: int
    after: int

    @property
    def change(self) -> int:
        """How many more, negative for fewer."""
        return self.after - self.before

    def places(self, percent: int) -> int:
        """How many of the group may be away at a share of `percent` per cent."""
        return percent * self.people // 100


@dataclass(frozen=True)
class StopRow:
    """How many people one test stops, or leaves without evidence, before and after."""

    kode: str
    unmet_before: int
    unmet_after: int
    open_before: int
    open_after: int


@dataclass(frozen=True)
class Changed:
    """An employee whose conclusion is another one. tests : codes whose outcome is another one."""

    key: int
    before: Conclusion
    after: Conclusion
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Study:
    """What a changed policy would do.

    conclusions : conclusion -> (people before, people after).
    groups : dimension -> rows, largest group first. stops : tests in the order of the policy.
    """

    people: int
    conclusions: Mapping[Conclusion, tuple[int, int]]
    groups: Mapping[str, tuple[GroupRow, ...]]
    stops: tuple[StopRow, ...]
    changed: tuple[Changed, ...]


@dataclass(frozen=True)
class _Judged:
    case: Case
    before: Mapping[str, Outcome]
    after: Mapping[str, Outcome]
    concluded: tuple[Conclusion, Conclusion]


def simulate(cases: Iterable[Case], today: date, bentuk: str = "rumah") -> Study:
    """Hold every employee against both policies on one day.

    Devices are taken as the policy asks for them: an employee states them in a request only.
    """
    judged = [_judge(case, today, bentuk) for case in cases]
    return Study(
        people=len(judged),
        conclusions={each: _concluded(judged, each) for each in Conclusion},
        groups=_groups(judged),
        stops=_stops(judged),
        changed=tuple(_changed(each) for each in judged if each.concluded[0] != each.concluded[1]),
    )


def with_ideal_devices(subject: Subject, policy: Policy) -> Subject:
    """The same facts with such devices as the policy asks for."""
    rule = policy.lapisan.perangkat if policy.lapisan else None
    if rule is None:
        return subject
    return replace(subject, perangkat=Devices(rule.milik[0], rule.sambungan_aman or None))


def _judge(case: Case, today: date, bentuk: str) -> _Judged:
    before, after = (
        assess(policy, with_ideal_devices(case.subject, policy), today, bentuk)
        for policy in (case.today, case.changed)
    )
    return _Judged(case, before.outcomes, after.outcomes, (before.conclusion, after.conclusion))


def _concluded(judged: Sequence[_Judged], conclusion: Conclusion) -> tuple[int, int]:
    before = sum(each.concluded[0] is conclusion for each in judged)
    return before, sum(each.concluded[1] is conclusion for each in judged)


def _groups(judged: Sequence[_Judged]) -> dict[str, tuple[GroupRow, ...]]:
    people: dict[str, Counter[str]] = {}
    before: dict[str, Counter[str]] = {}
    after: dict[str, Counter[str]] = {}
    for each in judged:
        for dimension, group in each.case.groups.items():
            people.setdefault(dimension, Counter())[group] += 1
            before.setdefault(dimension, Counter())[group] += each.concluded[0] is ELIGIBLE
            after.setdefault(dimension, Counter())[group] += each.concluded[1] is ELIGIBLE
    return {
        dimension: tuple(
            GroupRow(group, count, before[dimension][group], after[dimension][group])
            for group, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
        )
        for dimension, counted in people.items()
    }


def _stops(judged: Sequence[_Judged]) -> tuple[StopRow, ...]:
    """Tests in the order in which policies put them; devices are never a reason here."""
    codes = dict.fromkeys(
        kode for each in judged for outcomes in (each.before, each.after) for kode in outcomes
    )
    unmet, open_ = Outcome.TIDAK_TERPENUHI, Outcome.PERLU_BUKTI
    return tuple(
        StopRow(
            kode,
            *(
                sum(getattr(each, side).get(kode) is outcome for each in judged)
                for outcome in (unmet, open_)
                for side in ("before", "after")
            ),
        )
        for kode in codes
        if kode != PERANGKAT
    )


def _changed(judged: _Judged) -> Changed:
    tests = dict.fromkeys((*judged.before, *judged.after))
    tests.pop(PERANGKAT, None)  # taken as met on either side
    return Changed(
        judged.case.key,
        *judged.concluded,
        tuple(kode for kode in tests if judged.before.get(kode) is not judged.after.get(kode)),
    )
