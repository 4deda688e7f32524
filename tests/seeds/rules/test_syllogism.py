"""The prover agrees with the textbook and refuses what it cannot read."""

from __future__ import annotations

import pytest

from tests.seeds.rules.syllogism import (
    as_in_conversation,
    follows,
    read_formula,
    vocabulary,
    with_members,
)


@pytest.mark.parametrize(
    ("conclusion", "premises", "always", "if_inhabited"),
    [
        ("semua a c", ["semua a b", "semua b c"], True, True),  # Barbara
        ("tidak ada a c", ["semua a b", "tidak ada b c"], True, True),  # Celarent
        ("sebagian a c", ["sebagian a b", "semua b c"], True, True),  # Darii
        ("sebagian a !b", ["sebagian a !c", "semua b c"], True, True),  # Baroco
        ("sebagian a c", ["semua b a", "semua b c"], False, True),  # Darapti: needs a b
        ("sebagian a c", ["semua a b", "semua b c"], False, True),  # Barbari: needs an a
        ("semua a c", ["semua a b", "semua c b"], False, False),  # undistributed middle
        ("semua b a", ["semua a b"], False, False),  # illicit conversion
        ("sebagian a c", ["sebagian a b", "sebagian b c"], False, False),  # two particulars
        ("Sokrates fana", ["semua manusia fana", "Sokrates manusia"], True, True),
        ("Damar !lulus", ["semua lulus&baik naik", "Damar baik&!naik"], True, True),
        ("bukan p", ["jika p q", "bukan q"], True, True),  # modus tollens
        ("p", ["jika p q", "q"], False, False),  # affirming the consequent
        ("bukan q", ["jika p q", "bukan p"], False, False),  # denying the antecedent
        ("q", ["atau p q", "bukan p"], True, True),  # disjunctive syllogism
    ],
)
def test_the_prover_agrees_with_the_textbook(conclusion, premises, always, if_inhabited):
    assert follows(conclusion, *premises) is always
    assert follows(conclusion, *premises, reading=with_members) is if_inhabited


def test_sebagian_means_not_all_only_in_conversation():
    assert not follows("sebagian a !b", "sebagian a b")
    assert follows("sebagian a !b", "sebagian a b", reading=as_in_conversation)


@pytest.mark.parametrize("premises", [["p", "bukan p"], ["semua a b", "sebagian a !b"]])
def test_contradictory_premises_are_refused_instead_of_proving_everything(premises):
    with pytest.raises(ValueError, match="contradict"):
        follows("q", *premises)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("semua a", "the sentence breaks off: semua a"),
        ("semua a b c", "words left over in 'semua a b c'"),
        ("jika p", "the sentence breaks off: jika p"),
        ("tidak semua a", "'tidak' must be followed by 'ada', not by 'semua'"),
        ("sebagian a B", "not a class: 'B'"),
        ("p2", "not a word of the language: 'p2'"),
    ],
)
def test_a_sentence_outside_the_language_is_refused(text, reason):
    with pytest.raises(ValueError, match=reason):
        vocabulary([read_formula(text)])
