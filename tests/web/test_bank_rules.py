"""The rules of the bank as data: who moves items where, whose quota is what, what one may type."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cat.errors import BadRules
from cat.itembank.content import ItemContent, Parameters
from cat.itembank.lifecycle import Status, Workflow, obstacles
from web.operations.penulisan.alur import workflow
from web.operations.penulisan.kuota import HOUR, Quota, opens_again, quota_of, read_quotas
from web.operations.penulisan.pencarian import query_of
from web.operations.penulisan.riwayat import GONE, NEW, SAME, compare, differences

DOCS = Path(__file__).resolve().parents[2] / "docs"
RULES = workflow()
STEP = {"dari": ["draf"], "ke": "telaah", "tombol": "Kirim", "peran": ["penulis"]}
ITEM = ItemContent(
    code="TWK-BHS-900",
    domain="twk.bahasa_negara",
    stem="Manakah ejaan yang baku?",
    options=("satu", "dua", "tiga", "empat", "lima"),
    points=(0, 1, 0, 0, 0),
    rationale="KBBI memuatnya.",
    source="KBBI VI",
    parameters=Parameters(1.0, (0.0,), 0.2),
)


def labels(status, *roles, is_author=False):
    return {str(move.target) for move in RULES.moves(Status(status), roles, is_author)}


@pytest.mark.parametrize(
    ("status", "role", "is_author", "targets"),
    [
        ("draf", "penulis", True, {"telaah"}),
        ("perlu revisi", "penulis", False, {"telaah"}),
        ("telaah", "penulis", True, set()),
        ("telaah", "penelaah", False, {"perlu revisi", "disetujui", "bocor"}),
        ("telaah", "penelaah", True, {"bocor"}),  # nobody approves what they wrote
        ("disetujui", "analis", False, {"uji coba", "perlu revisi", "aktif", "pensiun", "bocor"}),
        ("disetujui", "analis", True, {"uji coba", "pensiun", "bocor"}),
        ("uji coba", "analis", False, {"perlu revisi", "aktif", "pensiun", "bocor"}),
        ("aktif", "penulis", False, set()),
        ("aktif", "analis", True, {"pensiun", "bocor"}),
        ("pensiun", "analis", False, {"aktif", "bocor"}),
        ("bocor", "analis", False, set()),  # what leaked stays leaked
        ("telaah", "staf", False, set()),
    ],
)
def test_who_may_move_an_item_where(status, role, is_author, targets):
    assert labels(status, role, is_author=is_author) == targets


def test_nobody_reaches_approval_or_use_of_their_own_item_with_all_roles_together():
    everything = ("penulis", "penelaah", "analis", "staf")

    for status in Status:
        assert not labels(status, *everything, is_author=True) & {"disetujui", "aktif"}


def test_what_a_step_needs_of_the_content():
    approve = RULES.find_move(Status.TELAAH, Status.DISETUJUI)
    activate = RULES.find_move(Status.UJI_COBA, Status.AKTIF)
    estimated = replace(ITEM, parameters=replace(ITEM.parameters, status="2PL 2026"))

    assert obstacles(approve, ITEM, 0) == []
    assert obstacles(approve, ITEM, 2) == ["komentar: masih terbuka 2; selesaikan dahulu"]
    assert "rasional" in obstacles(approve, replace(ITEM, rationale=""), 0)[0]
    four = replace(ITEM, options=ITEM.options[:4], points=ITEM.points[:4])
    assert "lima pilihan" in obstacles(approve, four, 0)[0]
    assert "belum ditaksir" in obstacles(activate, ITEM, 0)[0]
    assert obstacles(activate, estimated, 0) == []


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (STEP | {"ke": "telah"}, "langkah 1: keadaan"),
        (STEP | {"peran": []}, "peran wajib"),
        (STEP | {"tombol": ""}, "tombol wajib"),
        (STEP | {"perlu": ["isinya"]}, "isinya"),
        (STEP | {"dari": []}, "daftar keadaan"),
        (STEP | {"alsan": True}, "isian tidak dikenal"),
        (STEP | {"dari": ["draf", "draf"]}, "dua kali"),
    ],
)
def test_a_broken_rule_is_refused_by_place_value_and_rule(step, message):
    new = {"dari": ["aktif"], "peran": ["penulis"]}

    with pytest.raises(BadRules, match=message):
        Workflow.from_mapping({"langkah": [step], "versi_baru": new})


def test_other_rules_have_another_hash():
    changed = {**RULES.content, "kode": "lain"}

    assert Workflow.from_mapping(RULES.content).digest == RULES.digest
    assert Workflow.from_mapping(changed).digest != RULES.digest


def test_the_diagram_shows_just_the_steps_of_the_rules():
    text = (DOCS / "alur-butir.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^    (\w+) --> (\w+): (.+)$", text, re.MULTILINE))

    steps = {
        (move.source.replace(" ", "_"), move.target.replace(" ", "_"), move.label)
        for moves in RULES.moves_from.values()
        for move in moves
    }
    steps |= {(s.replace(" ", "_"), "draf", "Buat versi baru") for s in RULES.new_version_from}

    assert drawn == steps


def test_quotas_widen_with_roles_and_say_when_the_next_item_opens():
    known = {"penulis": Quota(2, False), "penelaah": Quota(3, True)}

    assert quota_of(["penulis"], known) == Quota(2, False)
    assert quota_of(["penulis", "penelaah"], known) == Quota(3, True)
    assert quota_of(["staf"], known) == Quota(0, False)
    assert opens_again([5, 9], 3, now=10) == 10
    assert opens_again([9, 5], 2, now=10) == 5 + HOUR
    assert opens_again([9, 5, 7], 2, now=10) == 7 + HOUR  # a quota that was made smaller
    with pytest.raises(BadRules, match=r"penulis: butir_per_jam.*0"):
        read_quotas({"peran": {"penulis": {"butir_per_jam": 0, "kunci": "semua"}}})
    with pytest.raises(BadRules, match=r"kunci: semua atau sendiri .terbaca: tiap."):
        read_quotas({"peran": {"penulis": {"butir_per_jam": 5, "kunci": "tiap"}}})


def test_writers_see_keys_of_their_own_items_and_of_drafts_only():
    writer = quota_of(["penulis"])

    assert writer.sees_key("aktif", is_author=True)
    assert writer.sees_key("perlu revisi", is_author=False)
    assert not writer.sees_key("telaah", is_author=False)
    assert quota_of(["penelaah"]).sees_key("aktif", is_author=False)


@pytest.mark.parametrize(
    ("typed", "sqlite", "postgresql"),
    [
        ("Pancasila", '"pancasila" *', "('pancasila':*)"),
        ("TWK-NAS-001", '"twk nas 001" *', "('twk' <-> 'nas' <-> '001':*)"),
        ("hak asasi", '"hak" * AND "asasi" *', "('hak':*) & ('asasi':*)"),
        ('a" OR b* NEAR(', '"a" * AND "or" * AND "b" * AND "near" *', None),
        ("%%% -- '", "", ""),
    ],
)
def test_what_is_typed_is_words_never_a_query_language(typed, sqlite, postgresql):
    assert query_of(typed, "sqlite") == sqlite
    if postgresql is not None:
        assert query_of(typed, "postgresql") == postgresql


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_of_a_difference_give_both_texts_again(old, new):
    pieces = compare(old, new)

    assert "".join(text for kind, text in pieces if kind != NEW) == old
    assert "".join(text for kind, text in pieces if kind != GONE) == new


def test_a_difference_names_fields_and_words_and_keeps_the_key_to_itself():
    new = replace(ITEM, stem="Manakah ejaan yang tidak baku?", points=(1, 0, 0, 0, 0))

    shown = differences(ITEM, new, with_key=True)
    assert [each.label for each in shown] == ["Soal", "Kunci"]
    assert shown[0].pieces == (
        (SAME, "Manakah ejaan yang "),
        (NEW, "tidak "),
        (SAME, "baku?"),
    )
    assert shown[1].pieces == ((GONE, "B"), (NEW, "A"))
    assert [each.label for each in differences(ITEM, new, with_key=False)] == ["Soal"]
