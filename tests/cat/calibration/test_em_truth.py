"""The engine against definitions: information, sparse data, groups, fixed items, known truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from cat.calibration import layout
from cat.calibration.abilities import abilities, person_posteriors
from cat.calibration.answers import Answers
from cat.calibration.cycles import Problem, cycle, em_step
from cat.calibration.em import calibrate
from cat.calibration.information import information
from cat.calibration.plan import planned
from cat.calibration.spec import (
    FixedItem,
    Priors,
    Quadrature,
    check_fixed,
    fixed_grid,
    models_of,
)


def names(count):
    return [f"x{i}" for i in range(count)]


def simulated(a, b, persons, seed, mean=0.0, sd=1.0, c=0.0):
    rng = np.random.default_rng(seed)
    theta = rng.normal(mean, sd, persons)
    p = c + (1 - c) * expit(np.asarray(a) * (theta[:, None] - np.asarray(b)))
    return (rng.random(p.shape) < p).astype(int)


def graded_answers(a, thresholds, persons, seed):
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=persons)
    above = expit(np.asarray(a)[:, None] * (theta[:, None, None] - np.asarray(thresholds)))
    return (rng.random((persons, len(a), 1)) < above).sum(axis=-1)


def problem_of(answers, model, fixed=(), quadrature=None, priors=None):
    held = check_fixed(fixed, answers.items)
    plan = planned(answers, models_of(model, answers.items), held)
    groups = [layout.laid_out(answers, plan, g) for g in range(len(answers.groups))]
    return Problem(plan, groups, priors or Priors(), quadrature or Quadrature())


@pytest.fixture(scope="module")
def mixed():
    """Two groups, six items of four models, answers missing here and there."""
    right = np.concatenate(
        [
            simulated([1, 1.4, 0.8, 1.2], [0, -1, 1, 0.3], 300, 1),
            simulated([1, 1.4, 0.8, 1.2], [0, -1, 1, 0.3], 200, 2, mean=0.7, sd=1.3),
        ]
    )
    steps = graded_answers([1.2, 0.9], [[-1, 0.5], [0, 1]], 500, 3)
    matrix = np.column_stack([right, steps]).astype(float)
    matrix[np.random.default_rng(4).random(matrix.shape) < 0.15] = np.nan
    group = ["utara"] * 300 + ["selatan"] * 200
    weight = np.random.default_rng(5).uniform(0.5, 2, 500)
    answers = Answers.of_matrix(names(6), matrix, group=group, weight=weight)
    return answers, ["2pl", "2pl", "3pl", "2pl", "grm", "gpcm"]


@pytest.mark.parametrize("full_enough", [0.0, 2.0], ids=["dense", "sparse"])
@pytest.mark.parametrize(
    "quadrature", [Quadrature(), fixed_grid(41, -4, 4)], ids=["follows", "short fixed grid"]
)
def test_observed_information_is_minus_the_hessian_of_the_marginal_likelihood(
    mixed, monkeypatch, full_enough, quadrature
):
    monkeypatch.setattr(layout, "_FULL_ENOUGH", full_enough)
    problem = problem_of(*mixed, quadrature=quadrature)
    assert (problem.layouts[0].dense is None) == (full_enough > 1)
    found = cycle(problem, problem.plan.start, 1e-7, 500)

    def posterior(values):
        return problem.expect(values).log_likelihood + problem.log_prior(values)

    ours = information(problem, found.values, found.expected).observed
    h, size = 2e-3, len(found.values)
    scale = np.sqrt(np.diag(ours))
    for i, j in ((0, 0), (0, 1), (1, 5), (6, 6), (5, 6), (size - 1, size - 1), (size - 2, 3)):
        e, f = np.eye(size)[i] * h, np.eye(size)[j] * h
        at = found.values
        bend = posterior(at + e + f) - posterior(at + e - f)
        bend -= posterior(at - e + f) - posterior(at - e - f)
        assert ours[i, j] / scale[i] / scale[j] == pytest.approx(
            -bend / (4 * h**2) / scale[i] / scale[j], abs=2e-5
        )


def test_dense_sparse_and_collapsed_answers_give_one_result(mixed, monkeypatch):
    # LSAT-like: few patterns, so that collapsing joins most persons.
    complete = Answers.of_matrix(names(5), simulated([1] * 5, [-2, -1, 0, 1, 2], 600, 6))

    found = []
    for full_enough, short in ((0.0, 40), (2.0, 40), (0.0, 0), (2.0, 0)):
        monkeypatch.setattr(layout, "_FULL_ENOUGH", full_enough)
        monkeypatch.setattr(layout, "_SHORT_PATTERN", short)
        result = calibrate(complete, "2pl")
        found.append([result.log_likelihood, *(v for i in result.items for v in (i.a, i.a_se))])

    for other in found[1:]:
        assert other == pytest.approx(found[0], rel=1e-9)


def test_weights_count_persons_as_repeating_them_does():
    patterns = np.array([[0, 0, 1], [1, 0, 0], [1, 1, 0], [1, 1, 1], [0, 0, 0], [0, 1, 1]])
    often = np.array([40, 90, 80, 120, 60, 50])

    once = calibrate(Answers.of_matrix(names(3), patterns, weight=often), "2pl")
    long = calibrate(Answers.of_matrix(names(3), np.repeat(patterns, often, axis=0)), "2pl")

    assert once.log_likelihood == pytest.approx(long.log_likelihood, rel=1e-12)
    assert once.items[0].a_se == pytest.approx(long.items[0].a_se, rel=1e-6)
    assert once.items[0].counts == long.items[0].counts


def test_the_order_of_records_does_not_matter_and_the_hash_says_what_was_answered():
    matrix = simulated([1, 1.3, 0.8, 1], [0, -1, 1, 0.5], 300, 7)
    answers = Answers.of_matrix(names(4), matrix)
    order = np.random.default_rng(8).permutation(len(answers))

    shuffled = Answers.of_long(
        answers.person[order],
        answers.item[order],
        answers.category[order],
        items=names(4),
        persons=range(300),
    )

    assert shuffled.sha256 == answers.sha256
    assert (shuffled.matrix() == matrix).all()
    matrix[0, 0] = 1 - matrix[0, 0]
    assert Answers.of_matrix(names(4), matrix).sha256 != answers.sha256


def test_accelerated_cycles_end_where_plain_em_does(mixed):
    problem = problem_of(*mixed)
    fast = cycle(problem, problem.plan.start, 1e-8, 500)
    plain = Problem(problem.plan, problem.layouts, problem.priors, problem.quadrature)
    values = fast.values + 0.002

    for _ in range(60):
        values, _ = em_step(plain, values, plain.expect(values))

    assert values == pytest.approx(fast.values, abs=2e-4)
    assert plain.expect(values).log_likelihood == pytest.approx(fast.expected.log_likelihood)


def test_parameters_come_back_under_every_model_from_complete_answers():
    rng = np.random.default_rng(20)
    a, b = rng.uniform(0.7, 1.9, 25), rng.uniform(-2, 2, 25)
    two = calibrate(Answers.of_matrix(names(25), simulated(a, b, 3000, 21)), "2pl")
    thresholds = np.sort(rng.normal(0, 1, (12, 3)), axis=1) + np.array([-0.4, 0, 0.4])
    four = calibrate(
        Answers.of_matrix(names(12), graded_answers(a[:12], thresholds, 3000, 22)), "grm"
    )

    # Asymptotic standard errors lie between 0.05 and 0.1: an RMSE of 0.1 leaves room for the draw.
    assert np.sqrt(np.mean((np.array([i.a for i in two.items]) - a) ** 2)) < 0.1
    assert np.sqrt(np.mean((np.array([i.b[0] for i in two.items]) - b) ** 2)) < 0.1
    assert np.sqrt(np.mean((np.array([i.b for i in four.items]) - thresholds) ** 2)) < 0.1
    z = [(i.a - truth) / i.a_se for i, truth in zip(two.items, a, strict=True)]
    # 25 squared standard normals average 1 with sd 0.28.
    assert 0.4 < np.mean(np.square(z)) < 1.9


def test_adaptive_answers_give_the_parameters_that_girth_cannot(simulate, adaptive):
    # The data on which test_girth_bridge.py shows an RMSE of b above 0.8.
    made = simulate(persons=2000, items=30, seed=1)
    sparse = adaptive(made, 12)
    used = (sparse >= 0).sum(axis=0) >= 200

    found = calibrate(Answers.of_matrix(names(used.sum()), sparse[:, used]), "2pl")

    b = np.array([item.b[0] for item in found.items])
    se = np.array([item.b_se[0] for item in found.items])
    assert np.sqrt(np.mean((b - made.b[used]) ** 2)) < 0.25
    assert np.mean(((b - made.b[used]) / se) ** 2) < 2


def test_a_second_group_is_found_where_it_is():
    a, b = np.linspace(0.8, 1.6, 15), np.linspace(-1.5, 2.5, 15)
    answers = Answers.of_matrix(
        names(15),
        np.concatenate([simulated(a, b, 1500, 30), simulated(a, b, 1500, 31, mean=0.8, sd=1.3)]),
        group=["lama"] * 1500 + ["baru"] * 1500,
    )

    found = calibrate(answers, "2pl")

    new = found.groups[1]
    assert found.groups[0].mean == 0
    assert np.isnan(found.groups[0].mean_se)
    assert new.mean == pytest.approx(0.8, abs=3 * new.mean_se)
    assert new.sd == pytest.approx(1.3, abs=3 * new.sd_se)
    assert new.mean_se < 0.08
    assert found.moved == {}


def test_fixed_items_hold_the_scale_and_the_run_reports_how_the_population_moved():
    a, b = np.linspace(0.8, 1.6, 12), np.linspace(-1.5, 2.5, 12)
    answers = Answers.of_matrix(names(12), simulated(a, b, 3000, 40, mean=0.6, sd=0.8))
    held = [FixedItem(f"x{i}", a[i], (b[i],)) for i in range(9)]

    found = calibrate(answers, "2pl", fixed=held)

    mean, sd = found.moved["semua"]
    assert (mean, sd) == (found.groups[0].mean, found.groups[0].sd)
    assert mean == pytest.approx(0.6, abs=0.06)
    assert sd == pytest.approx(0.8, abs=0.06)
    assert [item.b[0] for item in found.items[:9]] == pytest.approx(b[:9])
    assert all(item.is_fixed and np.isnan(item.a_se) for item in found.items[:9])
    for item, truth in zip(found.items[9:], b[9:], strict=True):
        assert item.b[0] == pytest.approx(truth, abs=3 * item.b_se[0])
    # Without anchors the same item stands where (b - mean) / sd of this population puts it.
    free = calibrate(answers, "2pl").items[9]
    assert free.b[0] == pytest.approx((b[9] - 0.6) / 0.8, abs=3 * free.b_se[0])
    assert abs(free.b[0] - found.items[9].b[0]) > 0.15


def test_a_fixed_3pl_item_without_guessing_is_a_2pl_item():
    matrix = simulated([1.0] * 6, [-1, -0.5, 0, 0.5, 1, 1.5], 500, 41)
    answers = Answers.of_matrix(names(6), matrix)

    as_three = calibrate(answers, "2pl", fixed=[FixedItem("x0", 1, (-1,), 0.0, "3pl")])
    as_two = calibrate(answers, "2pl", fixed=[FixedItem("x0", 1, (-1,))])

    assert as_three.log_likelihood == pytest.approx(as_two.log_likelihood, rel=1e-12)


def test_abilities_are_the_means_of_posteriors_that_add_to_one(mixed):
    answers, models = mixed
    found = calibrate(answers, models)

    able = abilities(found, answers)
    total = 0.0
    for block in person_posteriors(found, answers):
        assert block.belief.sum(axis=1) == pytest.approx(1)
        total += answers.weight[block.person] @ block.log_likelihood

    assert total == pytest.approx(found.log_likelihood, rel=1e-10)
    low, high = answers.matrix()[:, :4].sum(axis=1).argsort(kind="stable")[[0, -1]]
    assert able.theta[low] < able.theta[high]
    assert (able.sd < 1.5).all()


@pytest.mark.parametrize("items", [4, 25], ids=["patterns repeat", "no pattern repeats"])
def test_everybody_gets_the_ability_of_their_own_answers(items):
    a, b = np.linspace(0.8, 1.6, items), np.linspace(-1.5, 1.5, items)
    matrix = np.unique(simulated(a, b, 200, 50), axis=0) if items > 4 else simulated(a, b, 200, 50)
    matrix = matrix[np.random.default_rng(51).permutation(len(matrix))]
    held = [FixedItem(f"x{i}", a[i], (b[i],)) for i in range(items)]
    answers = Answers.of_matrix(names(items), matrix)
    found = calibrate(answers, "2pl", fixed=held)

    theta = abilities(found, answers).theta

    nodes = np.linspace(-8, 8, 401)
    p = expit(a * (nodes[:, None] - b))
    log_belief = matrix @ np.log(p).T + (1 - matrix) @ np.log1p(-p).T
    log_belief += -0.5 * ((nodes - found.groups[0].mean) / found.groups[0].sd) ** 2
    belief = np.exp(log_belief - log_belief.max(axis=1, keepdims=True))
    assert theta == pytest.approx(belief @ nodes / belief.sum(axis=1), abs=1e-5)
