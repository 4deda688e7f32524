"""Parts that a study writes out itself: items from a file or generated, and limits on them."""

from __future__ import annotations

from cat.assembly import feasibility
from cat.errors import BadInput
from cat.irt.items import Items
from cat.itembank.attributes import Attributes
from cat.itembank.blueprint import Blueprint, Bound
from cat.itembank.constraint_tree import bounds_of, tree_only
from cat.itembank.constraints import ConstraintTable
from cat.itembank.domain_tree import DomainTree
from cat.itembank.item_file import read_items
from cat.scoring.eap import normal_quadrature
from cat.scoring.tables import tabulate
from cat.selection.adaptive_part import adaptive_part
from cat.selection.limits import compile_limits, whole_table
from cat.selection.policy import Policy
from cat.simulation.study.fields import Fields
from cat.simulation.study.generated import generate
from cat.simulation.study.policies import Policies
from cat.simulation.study.sources import Sources
from cat.simulation.study.study_part import TITLES, StudyPart, needs_every_item

# The domain of items that name none.
ALL = "semua"


def read_own_parts(
    fields: Fields, sources: Sources, policies: Policies, seed: int, is_post_hoc: bool
) -> tuple[StudyPart, ...]:
    """The parts that a study describes under [[bagian]].

    Raises BadInput, BadRules, BadParameters or BlueprintInfeasible, naming place, value and rule.
    """
    rows = fields.value("bagian")
    if not isinstance(rows, list) or not rows:
        raise fields.problem("bagian", rows, "perlu sedikitnya satu tabel [[bagian]]")
    parts: list[StudyPart] = []
    for number, row in enumerate(rows):
        table = Fields(row, f"{fields.place} bagian ke-{number + 1}")
        code = table.text("kode")
        if code in (part.code for part in parts):
            raise table.problem("kode", code, "dipakai lebih dari satu kali")
        table.place = f"{table.place} ({code})"
        policy = policies.of(code) or Policy()
        parts.append(_part(table, code, sources, policy, (seed, number), is_post_hoc))
    return tuple(parts)


def _part(
    table: Fields,
    code: str,
    sources: Sources,
    policy: Policy,
    stream: tuple[int, int],
    is_post_hoc: bool,
) -> StudyPart:
    title = table.text("nama", TITLES.get(code, code.upper()))
    items, attributes = _items(table, code, sources, stream)
    length = table.integer("panjang", 1, len(items))
    bounds, beyond = _limits(table, length, sources)
    table.done()
    columns = attributes.columns
    domains = [str(domain) or ALL for domain in columns.get("domain", [ALL] * len(items))]
    blueprint = Blueprint(code, length, bounds, {})
    tree = DomainTree.compile(blueprint, domains)
    rows, rivals = compile_limits(blueprint, beyond, attributes, tree, tree.leaf_of(domains))
    if rows is not None:
        feasibility.check(rows, whole_table(blueprint, beyond))
    adaptive = adaptive_part(
        code,
        tabulate(items, normal_quadrature()),
        domains,
        blueprint,
        policy,
        rows=rows,
        rivals=rivals,
        seconds=columns.get("detik"),
        every_item=needs_every_item(policy, is_post_hoc),
        stream=stream[1],
    )
    return StudyPart(adaptive, title, tuple(map(str, columns["kode"])), None, ())


def _items(
    table: Fields, code: str, sources: Sources, stream: tuple[int, int]
) -> tuple[Items, Attributes]:
    if table.has("butir") == table.has("bangkitkan"):
        raise BadInput(f"{table.place}: perlu salah satu dari butir atau bangkitkan")
    if "butir" in table.content:
        file = read_items(sources.path(table, "butir"))
        return file.items, file.attributes
    bank = generate(table.child("bangkitkan"), code, *stream)
    return bank.items, bank.attributes


def _limits(
    table: Fields, length: int, sources: Sources
) -> tuple[tuple[Bound, ...], ConstraintTable]:
    """Bounds per domain, and the limits that the tree of domains cannot hold."""
    bounds = _bounds(table, length)
    if not table.has("kendala"):
        return bounds, ConstraintTable(())
    given = ConstraintTable.read_csv(sources.path(table, "kendala"))
    in_tree = tuple(row for row in given.rows if tree_only(ConstraintTable((row,))))
    beyond = ConstraintTable(tuple(row for row in given.rows if row not in in_tree))
    own = whole_table(Blueprint(table.text("kode"), length, bounds, {}), ConstraintTable(in_tree))
    return bounds_of(own, length), beyond


def _bounds(table: Fields, length: int) -> tuple[Bound, ...]:
    rows = table.value("batas", [])
    if not isinstance(rows, list):
        raise table.problem("batas", rows, "harus daftar { apa, min, maks }")
    bounds = []
    for number, row in enumerate(rows, start=1):
        bound = Fields(row, f"{table.place} batas ke-{number}")
        least = bound.integer("min", 0, length, 0)
        bounds.append(Bound(bound.text("apa"), least, bound.integer("maks", least, length, length)))
        bound.done()
    return tuple(bounds)
