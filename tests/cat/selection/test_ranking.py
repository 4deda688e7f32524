"""Rankings of items for every belief."""

from __future__ import annotations

import numpy as np
import pytest

from cat.errors import BadInput
from cat.scoring.eap import Quadrature, normal_quadrature
from cat.scoring.tables import tabulate
from cat.selection import ranking
from cat.selection.criteria import named
from tests.cat.selection.conftest import random_items

TABLES = tabulate(random_items(60, polytomous=False), normal_quadrature())
NOWHERE = np.zeros(60, dtype=np.int64)


def test_moments_are_those_of_the_posterior_counted_in_nodes():
    nodes = TABLES.quadrature.nodes
    rng = np.random.default_rng(1)
    posterior = rng.dirichlet(np.ones(61), 5)

    mean, variance = ranking.moments(posterior)

    theta = nodes[0] + mean * (nodes[1] - nodes[0])
    assert theta == pytest.approx((posterior * nodes).sum(axis=1), abs=1e-6)
    spread = (nodes - theta[:, None]) ** 2
    assert variance * 0.04 == pytest.approx((posterior * spread).sum(axis=1), abs=1e-6)


def test_moments_do_not_depend_on_the_cohort():
    posterior = np.random.default_rng(2).dirichlet(np.ones(61), 257)

    together = ranking.moments(posterior)

    for person in range(0, 257, 16):
        alone = ranking.moments(posterior[person : person + 1])
        assert [x[0] for x in alone] == [x[person] for x in together]


def test_a_ranking_by_information_is_the_order_at_that_ability():
    built = ranking.build(TABLES, named("maximum_information"), "theta", NOWHERE, np.array([60]))
    criterion = np.array(TABLES.information)

    (order,), _ = built.nearest(np.array([30.0]), np.array([1.0]))  # node 30 is theta 0

    assert order.tolist() == np.argsort(-criterion[:, 30], kind="stable").tolist()


def test_a_short_list_is_the_head_of_the_long_one_in_each_domain():
    leaf = np.arange(60) % 3
    criterion = named("posterior_information")
    long = ranking.build(TABLES, criterion, "belief", leaf, np.array([20, 20, 20]))
    short = ranking.build(TABLES, criterion, "belief", leaf, np.array([4, 6, 5]))

    for mean, variance in ((10.0, 4.0), (30.0, 25.0), (44.2, 1.5)):
        whole, head = (
            r.nearest(np.array([mean]), np.array([variance]))[0][0] for r in (long, short)
        )
        for domain, count in enumerate((4, 6, 5)):
            assert [i for i in head if leaf[i] == domain] == [
                i for i in whole if leaf[i] == domain
            ][:count]


def test_uneven_nodes_are_refused():
    nodes = np.array([-2.0, -1.0, 0.5, 2.0])
    tables = tabulate(random_items(5, polytomous=False), Quadrature(nodes, np.full(4, 0.25)))

    with pytest.raises(BadInput, match="equally spaced"):
        ranking.build(
            tables, named("maximum_information"), "theta", np.zeros(5, int), np.array([5])
        )
