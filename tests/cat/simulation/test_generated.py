"""Banks that nobody wrote."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from cat.errors import BadInput, BadParameters
from cat.irt.items import Model
from cat.simulation.study.fields import Fields
from cat.simulation.study.generated import generate


def bank(seed=3, number=0, **table):
    return generate(Fields(table, "s.toml bangkitkan"), "uji", seed, number)


def test_parameters_follow_the_distributions_of_the_guide():
    items = bank(jumlah=20_000, model="4pl").items

    # A correct generator fails each of these once in a thousand seeds; the seed is fixed.
    assert kstest(np.log(items.a), "norm", args=(0, 0.3)).pvalue > 0.001
    assert kstest(items.b[:, 0], "norm").pvalue > 0.001
    assert kstest(items.c, "uniform", args=(0.1, 0.2)).pvalue > 0.001
    assert kstest(items.d, "uniform", args=(0.9, 0.1)).pvalue > 0.001


@pytest.mark.parametrize(
    ("model", "varies"), [("1pl", "b"), ("2pl", "ab"), ("3pl", "abc"), ("4pl", "abcd")]
)
def test_each_logistic_model_varies_in_its_own_parameters_only(model, varies):
    items = bank(jumlah=50, model=model).items

    columns = {"a": items.a, "b": items.b[:, 0], "c": items.c, "d": items.d}
    assert "".join(name for name, values in columns.items() if np.ptp(values) > 0) == varies


@pytest.mark.parametrize(("model", "kind"), [("grm", Model.GRADED), ("gpcm", Model.PARTIAL_CREDIT)])
def test_ordered_items_have_their_categories_evenly_around_their_difficulty(model, kind):
    items = bank(jumlah=10, model=model, kategori=5, jarak=0.6, b=1.5).items

    assert set(items.model) == {kind}
    assert items.b == pytest.approx(np.tile([0.6, 1.2, 1.8, 2.4], (10, 1)))


def test_a_bank_depends_on_the_seed_and_on_the_part_but_not_on_its_size():
    small, large = bank(jumlah=10, model="3pl"), bank(jumlah=500, model="3pl")

    assert (small.items.a == large.items.a[:10]).all()
    assert (small.items.a != bank(jumlah=10, model="3pl", seed=4).items.a).all()
    assert (small.items.a != bank(jumlah=10, model="3pl", number=1).items.a).all()
    assert (small.items.a == bank(jumlah=10, model="3pl", seed=4, benih=3).items.a).all()


def test_domains_are_dealt_in_turn_and_codes_are_unique():
    made = bank(jumlah=5, model="1pl", domain=["x", "y"]).attributes

    assert made.column("domain").tolist() == ["x", "y", "x", "y", "x"]
    assert made.column("kode").tolist() == ["UJI-1", "UJI-2", "UJI-3", "UJI-4", "UJI-5"]


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        ({"jumlah": 5, "model": "5pl"}, BadInput, "model: harus salah satu dari 1pl"),
        ({"jumlah": 0, "model": "1pl"}, BadInput, "jumlah: nilainya harus antara 1"),
        ({"jumlah": 5, "model": "grm"}, BadInput, "kategori: wajib diisi"),
        ({"jumlah": 5, "model": "grm", "kategori": 3, "jarak": 0}, BadInput, "ambang GRM"),
        ({"jumlah": 5, "model": "2pl", "c": 0.2}, BadInput, "c: isian tidak dikenal"),
        ({"jumlah": 5, "model": "2pl", "a": {"jenis": "gamma"}}, BadInput, "a jenis: harus salah"),
        ({"jumlah": 5, "model": "2pl", "a": -1}, BadParameters, "a must be"),
        ({"jumlah": 5, "model": "3pl", "c": 1.0}, BadParameters, "c must"),
    ],
)
def test_an_impossible_bank_is_refused_with_field_and_rule(table, error, message):
    with pytest.raises(error, match=message):
        bank(**table)
