"""How much do the answers say about every free parameter? Observed information, exactly.

The information that is missing because abilities are not seen is the covariance, within each
person's posterior, of the slopes that the complete data would have; what is left of the complete
information is observed (Louis, 1982, Journal of the Royal Statistical Society B 44, 226-233; the
same number as Oakes, 1999, ibid. 61, 479-482, gets by differentiating the E step).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cat.calibration.cycles import Problem
from cat.calibration.expectation import Expected, cell_table, posteriors
from cat.calibration.item_scores import complete_information, scores
from cat.calibration.layout import Layout
from cat.calibration.plan import NO_PARAMETER
from cat.calibration.population import Population
from cat.calibration.prior_scores import prior_scores

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_CHUNK = 4_000_000  # numbers held at once for a chunk of patterns: 32 MB


@dataclass(frozen=True)
class Information:
    """observed : (F, F) minus second derivatives of log-likelihood and priors.

    crossproduct : (F, F) sum over persons of the squared gradient of their log-likelihood.
    """

    observed: Floats
    crossproduct: Floats


@dataclass(frozen=True)
class _CellScores:
    """E slopes d log p / d parameter of one group's cells at its nodes.

    cell, parameter : (E,). value : (E, Q). The cell past the last is the group itself.
    """

    cell: Ints
    parameter: Ints
    value: Floats


def information(
    problem: Problem,
    values: Floats,
    expected: Expected,
    check: Callable[[], None] = lambda: None,
) -> Information:
    """The information at values (F,), where `expected` is the E step.

    check : called between chunks of work; may raise to end it.
    """
    size = len(values)
    observed = _complete(problem, values, expected)
    crossproduct = np.zeros((size, size))
    populations = problem.populations(values)
    for g, (layout, people) in enumerate(zip(problem.layouts, populations, strict=True)):
        if len(layout.weight):
            own = _cell_scores(problem, values, people, g)
            table = cell_table(problem.plan, values, people.theta)
            missing = _missing_dense if layout.dense is not None else _missing_sparse
            lost, squares = missing(layout, people, table, own, size, check)
            observed -= lost
            crossproduct += squares
    return Information(observed, crossproduct)


def _complete(problem: Problem, values: Floats, expected: Expected) -> Floats:
    """Information that the answers would hold if abilities were seen, and that of priors."""
    found = np.zeros((len(values) + 1, len(values) + 1))  # the last takes what is held
    for batch in problem.plan.batches:
        x = batch.values(values)
        own = complete_information(batch.kind, x, expected.theta, expected.counts[batch.cells])
        own += prior_scores(batch.kind, x, problem.priors).information
        np.add.at(found, (batch.free[:, :, None], batch.free[:, None, :]), own)
    for g, places in enumerate(problem.plan.group_free):
        people = problem.populations(values)[g]
        np.add.at(found, (places[:, None], places), people.information @ expected.mass[g])
    return found[:-1, :-1]


def _cell_scores(problem: Problem, values: Floats, people: Population, group: int) -> _CellScores:
    cells, parameters, slopes = [], [], []
    for batch in problem.plan.batches:
        own = scores(batch.kind, batch.values(values), people.theta).score.transpose(0, 2, 1, 3)
        shape = own.shape[:3]
        cell = np.broadcast_to(batch.cells[:, :, None], shape)
        parameter = np.broadcast_to(batch.free[:, None, :], shape)
        there = parameter != NO_PARAMETER
        cells.append(cell[there])
        parameters.append(parameter[there])
        slopes.append(own[there])
    places = problem.plan.group_free[group]
    free = places != NO_PARAMETER
    cells.append(np.full(free.sum(), problem.plan.cells))
    parameters.append(places[free])
    slopes.append(people.score[free])
    return _CellScores(
        np.concatenate(cells), np.concatenate(parameters), np.concatenate(slopes, axis=0)
    )


def _missing_dense(
    layout: Layout,
    people: Population,
    table: Floats,
    own: _CellScores,
    size: int,
    check: Callable[[], None],
) -> tuple[Floats, Floats]:
    """By node: persons who are in both of two cells, weighted by their chance to be there."""
    assert layout.dense is not None  # narrows the type; the caller chose by it
    column, parameter, value = _in_columns(layout, own)
    columns = layout.dense.shape[1] + 1
    slopes = [csr_array((at, (parameter, column)), (size, columns)) for at in value.T]
    gather = csr_array(
        (np.ones(len(column)), (np.arange(len(column)), parameter)), (len(column), size)
    )
    lost, squares = np.zeros((size, size)), np.zeros((size, size))
    for rows, _, belief in posteriors(layout, people, table):
        check()
        weight = layout.weight[rows]
        matrix = np.column_stack([layout.dense[rows], np.ones(len(weight))])
        for slope, there in zip(slopes, (belief * weight[:, None]).T, strict=True):
            together = matrix.T @ (matrix * there[:, None])
            lost += slope @ (slope @ together.T).T
        # (U, F) gradient of each pattern's log-likelihood.
        mean = ((belief @ value.T) * matrix[:, column]) @ gather
        squares += mean.T @ (mean * weight[:, None])
    return lost - squares, squares


def _in_columns(layout: Layout, own: _CellScores) -> tuple[Ints, Ints, Floats]:
    """The slopes of the dense matrix's columns; the last column, all ones, is the group."""
    assert layout.mix is not None  # narrows the type; dense layouts always have one
    mix = layout.mix.tocoo()
    columns = layout.mix.shape[0]
    to_columns = csr_array(
        (
            np.append(mix.data, 1.0),
            (np.append(mix.row, columns), np.append(mix.col, layout.cell_count)),
        ),
        (columns + 1, layout.cell_count + 1),
    )
    # Every (column, parameter) pair gathers the cells that the column mixes.
    spread = to_columns[:, own.cell].tocoo()
    width = int(own.parameter.max(initial=0)) + 1
    key = spread.row.astype(np.int64) * width + own.parameter[spread.col]
    pairs, place = np.unique(key, return_inverse=True)
    gather = csr_array((spread.data, (place, spread.col)), (len(pairs), len(own.cell)))
    return pairs // width, pairs % width, gather @ own.value


def _missing_sparse(
    layout: Layout,
    people: Population,
    table: Floats,
    own: _CellScores,
    size: int,
    check: Callable[[], None],
) -> tuple[Floats, Floats]:
    """By person: the covariance of slopes within the posterior, added up where it belongs."""
    slopes, parameters = _padded(layout, own, size)
    lost, squares = np.zeros((size + 1) ** 2), np.zeros((size + 1) ** 2)
    group_slopes, group_parameters = slopes[-2], parameters[-2]
    empty = len(slopes) - 1
    for rows, _, belief in posteriors(layout, people, table):
        lengths = np.diff(layout.starts[rows.start : rows.stop + 1])
        order = np.argsort(lengths, kind="stable")
        at_once = max(1, _CHUNK // (int(lengths.max()) * slopes[0].size))
        for low in range(0, len(order), at_once):
            check()
            some = order[low : low + at_once]
            longest = int(lengths[some].max())
            place = np.arange(longest) < lengths[some][:, None]
            cell = np.full(place.shape, empty)
            firsts = layout.starts[rows.start + some]
            cell[place] = layout.cells[(firsts[:, None] + np.arange(longest))[place]]
            who = np.concatenate(
                [
                    parameters[cell].reshape(len(some), -1),
                    np.broadcast_to(group_parameters, (len(some), len(group_parameters))),
                ],
                axis=1,
            )
            what = np.concatenate(
                [
                    slopes[cell].reshape(len(some), -1, belief.shape[1]),
                    np.broadcast_to(group_slopes, (len(some), *group_slopes.shape)),
                ],
                axis=1,
            )
            _add_covariances(
                who, what, belief[some], layout.weight[rows][some], size, lost, squares
            )
    shape = (size + 1, size + 1)
    return lost.reshape(shape)[:-1, :-1], squares.reshape(shape)[:-1, :-1]


def _add_covariances(
    who: Ints,
    what: Floats,
    belief: Floats,
    weight: Floats,
    size: int,
    lost: Floats,
    squares: Floats,
) -> None:
    """Add persons' covariances and squared means, in place.

    who : (m, S) parameter of each slope, `size` for none. what : (m, S, Q). belief : (m, Q).
    """
    mean = (what @ belief[:, :, None])[..., 0]
    what = what - mean[..., None]
    what *= np.sqrt(belief * weight[:, None])[:, None]
    covariance = what @ what.transpose(0, 2, 1)
    square = (mean * weight[:, None])[:, :, None] * mean[:, None, :]
    target = (who[:, :, None] * (size + 1) + who[:, None, :]).ravel()
    lost += np.bincount(target, covariance.ravel(), minlength=len(lost))
    squares += np.bincount(target, square.ravel(), minlength=len(squares))


def _padded(layout: Layout, own: _CellScores, size: int) -> tuple[Floats, Ints]:
    """Slopes (C + 2, S, Q) and their parameters (C + 2, S): cells, the group, and nothing."""
    order = np.argsort(own.cell, kind="stable")
    cell = own.cell[order]
    count = np.bincount(cell, minlength=layout.cell_count + 2)
    rank = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
    width = int(count.max(initial=1))
    slopes = np.zeros((layout.cell_count + 2, width, own.value.shape[1]))
    parameters = np.full((layout.cell_count + 2, width), size)
    slopes[cell, rank] = own.value[order]
    parameters[cell, rank] = own.parameter[order]
    return slopes, parameters
