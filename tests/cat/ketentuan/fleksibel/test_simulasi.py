"""What a changed policy would do, counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cat.ketentuan.fleksibel.fakta import Devices, DigitalEvidence
from cat.ketentuan.fleksibel.pemeriksaan import Conclusion, assess
from cat.ketentuan.fleksibel.simulasi import ELIGIBLE, Case, GroupRow, simulate, with_ideal_devices
from cat.ketentuan.section import Section
from tests.cat.ketentuan.fleksibel.test_tiga_puluh_pegawai import (
    AGENCY,
    ANALYST,
    POLICIES,
    SUBJECTS,
    TODAY,
)

POLICY = POLICIES[AGENCY]


def with_level(level: int, percent: int):
    layer = POLICY.to_mapping()["lapisan"]
    layer["digital"] |= {"level": level, "persen_terpenuhi": percent}
    return POLICY.with_layer(Section(layer, "coba"))


def case(key, subject=ANALYST, changed=POLICY, unit="A"):
    return Case(key, subject, POLICY, changed, {"Unit": unit})


def test_nothing_changes_when_the_policy_does_not():
    study = simulate([case(1), case(2, replace(ANALYST, status="cpns"))], TODAY)

    assert study.changed == ()
    assert study.conclusions[ELIGIBLE] == (1, 1)
    assert study.groups["Unit"] == (GroupRow("A", 2, 1, 1),)


def test_a_higher_level_stops_those_who_have_not_reached_it_and_names_the_test():
    able = replace(ANALYST, digital=DigitalEvidence((1.0, 0.99, 0.95), "tes"))
    harder = with_level(4, 90)

    study = simulate([case(1, changed=harder), case(2, able, harder, "B")], TODAY)

    assert study.conclusions[ELIGIBLE] == (2, 1)
    assert study.conclusions[Conclusion.PERLU_BUKTI] == (0, 1)
    (changed,) = study.changed
    assert (changed.key, changed.before, changed.tests) == (1, ELIGIBLE, ("level_digital",))
    assert [row.change for row in study.groups["Unit"]] == [-1, 0]
    stop = next(row for row in study.stops if row.kode == "level_digital")
    assert (stop.open_before, stop.open_after) == (0, 1)


def test_devices_are_nobodys_obstacle_here_because_requests_alone_tell_them():
    silent = replace(ANALYST, perangkat=Devices())

    study = simulate([case(1, silent)], TODAY)

    assert study.conclusions[ELIGIBLE] == (1, 1)
    assert "perangkat" not in {row.kode for row in study.stops}


def test_places_of_a_group_are_rounded_down():
    assert GroupRow("A", 7, 0, 0).places(25) == 1


@given(
    st.lists(st.tuples(SUBJECTS, st.sampled_from("AB")), max_size=12),
    st.integers(2, 5),
    st.integers(25, 100),
)
def test_all_counts_add_up_to_what_one_check_at_a_time_says(people, level, percent):
    changed = with_level(level, percent)
    cases = [case(n, subject, changed, unit) for n, (subject, unit) in enumerate(people)]

    study = simulate(cases, TODAY, "rumah")

    for side, policy in ((0, POLICY), (1, changed)):
        found = [
            assess(policy, with_ideal_devices(each.subject, policy), TODAY).conclusion
            for each in cases
        ]
        assert {c: found.count(c) for c in Conclusion} == {
            c: pair[side] for c, pair in study.conclusions.items()
        }
    assert sum(row.people for row in study.groups.get("Unit", ())) == len(people)
    before, after = study.conclusions[ELIGIBLE]
    assert sum(row.change for row in study.groups.get("Unit", ())) == after - before


def test_a_study_looks_at_the_form_that_was_asked_about():
    study = simulate([case(1)], date(2026, 3, 2), "sif")

    assert "melebihi_jam_kantor" in {row.kode for row in study.stops}
    assert study.conclusions[ELIGIBLE] == (0, 0)
