"""Counter-based random numbers."""

from __future__ import annotations

import numpy as np

from cat.selection.randomness import random_bits, uniform


def test_bits_match_the_published_sequence_of_splitmix64():
    # seed 1234567, as printed by the reference implementation of Steele, Lea & Flood (2014)
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423,
                4593380528125082431, 16408922859458223821]  # fmt: skip

    assert random_bits(1234567, np.arange(5)).tolist() == expected


def test_uniform_numbers_fill_the_unit_interval_evenly():
    numbers = uniform(np.arange(20_000), 5)

    counts, _ = np.histogram(numbers, bins=20, range=(0, 1))
    assert ((counts - 1000) ** 2 / 1000).sum() < 43.8  # chi-square, 19 df, one in a thousand


def test_neighbouring_seeds_and_counters_are_unrelated():
    grid = uniform(np.repeat(np.arange(100), 100), np.tile(np.arange(100), 100)).reshape(100, 100)

    assert abs(np.corrcoef(grid[:-1].ravel(), grid[1:].ravel())[0, 1]) < 0.04
    assert abs(np.corrcoef(grid[:, :-1].ravel(), grid[:, 1:].ravel())[0, 1]) < 0.04
