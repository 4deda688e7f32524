"""The bank of a study: a published pool, or parts of its own; with the study's policies on top."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from cat.assembly import feasibility
from cat.errors import BadInput
from cat.itembank.constraints import ConstraintTable
from cat.itembank.content import NOT_ESTIMATED, UNCALIBRATED
from cat.itembank.pool import PartPool, Pool
from cat.itembank.pool_file import read_pool
from cat.selection.adaptive_part import AdaptivePart, adaptive_part
from cat.selection.limits import compile_limits, whole_table
from cat.selection.policy import Policy
from cat.selection.published import adaptive_parts
from cat.simulation.measuring.results import Cut
from cat.simulation.study.fields import Fields
from cat.simulation.study.own_parts import read_own_parts
from cat.simulation.study.policies import Policies
from cat.simulation.study.sources import Sources
from cat.simulation.study.study_part import TITLES, Bank, StudyPart, needs_every_item


def read_bank(fields: Fields, sources: Sources, seed: int, is_post_hoc: bool) -> Bank:
    """The bank that a study describes under [bank] or [[bagian]], [kebijakan] and [[ambang_batas]].

    is_post_hoc : rank every item, because people can be given only what they once answered.

    Raises BadInput, BadRules, BadParameters or BlueprintInfeasible, naming place, value and rule.
    """
    policies = Policies(fields)
    if fields.has("bank") == fields.has("bagian"):
        raise BadInput(f"{fields.place}: perlu salah satu dari [bank] atau [[bagian]]")
    if "bank" in fields.content:
        bank = _from_pool(fields.child("bank"), sources, policies, is_post_hoc)
    else:
        parts = read_own_parts(fields, sources, policies, seed, is_post_hoc)
        bank = Bank("bank dari berkas studi", "", parts)
    for part in bank.parts:
        _refuse_too_little_exposure(part)
    policies.refuse_unknown([part.code for part in bank.parts])
    cuts = _cuts(fields, {part.code: part.form is not None for part in bank.parts})
    return replace(bank, parts=tuple(replace(p, cuts=cuts.get(p.code, ())) for p in bank.parts))


def _refuse_too_little_exposure(part: StudyPart) -> None:
    plan, tree = part.adaptive.policy.exposure, part.adaptive.tree
    if plan is None:
        return
    least = tree.lower.copy()
    least[-1] = part.adaptive.longest  # the root comes last
    for name, needed, stock in zip(tree.names, least, tree.holds @ tree.stock, strict=True):
        if plan.r_max * stock < needed:
            raise BadInput(
                f"{part.code}{'.' + name if name else ''}: paparan r_maks {plan.r_max:g} x {stock}"
                f" butir kurang dari {needed} butir yang harus diberikan; naikkan r_maks atau"
                " tambah butir"
            )


def _from_pool(fields: Fields, sources: Sources, policies: Policies, is_post_hoc: bool) -> Bank:
    pool = read_pool(sources.path(fields, "pool"))
    added = _added_limits(fields, [part.part for part in pool.parts], sources)
    fields.done()
    parts = []
    for part, published in zip(pool.parts, adaptive_parts(pool), strict=True):
        limited = _limited(part, published, added.get(part.part))
        adaptive = _with_policy(part, limited, policies.of(part.part), is_post_hoc)
        codes = tuple(item.code for item in part.items)
        title = TITLES.get(part.part, part.part.upper())
        parts.append(StudyPart(adaptive, title, codes, part.reference_form, ()))
    return Bank(pool.code, pool.digest, tuple(parts), pool.transition, tuple(_notes(pool)))


def _added_limits(fields: Fields, parts: list[str], sources: Sources) -> dict[str, ConstraintTable]:
    """Part code -> limits that the study adds to those of the pool."""
    if not fields.has("kendala"):
        return {}
    table = fields.child("kendala")
    for code in table.content:
        if code not in parts:
            raise table.problem(code, table.content[code], f"bagian pool: {', '.join(parts)}")
    added = {code: ConstraintTable.read_csv(sources.path(table, code)) for code in table.content}
    table.done()
    return added


def _limited(
    part: PartPool, published: AdaptivePart, added: ConstraintTable | None
) -> AdaptivePart:
    """The part under more limits than its pool has; raises BlueprintInfeasible naming them."""
    if added is None:
        return published
    beyond = ConstraintTable(part.constraints.rows + added.rows)
    rows, rivals = compile_limits(part.blueprint, beyond, part.attributes, part.tree, part.leaf)
    if rows is not None:
        feasibility.check(rows, whole_table(part.blueprint, beyond))
    return replace(published, rows=rows, rivals=rivals)


def _notes(pool: Pool) -> Iterator[str]:
    items = [item for part in pool.parts for item in part.items]
    guessed = sum(item.parameters.status in (UNCALIBRATED, NOT_ESTIMATED) for item in items)
    if guessed:
        yield (
            f"Parameter {guessed} dari {len(items)} butir belum ditaksir dari jawaban peserta"
            " nyata; angka-angka di sini hanya sebaik dugaan itu."
        )


def _with_policy(
    part: PartPool, published: AdaptivePart, policy: Policy | None, is_post_hoc: bool
) -> AdaptivePart:
    """The part as published; compiled anew where the study changes what was compiled."""
    if policy is None and not is_post_hoc:
        return published
    anew = adaptive_part(
        part.part,
        published.tables,
        [item.domain for item in part.items],
        part.blueprint,
        policy or published.policy,
        rows=published.rows,
        rivals=published.rivals,
        seconds=published.seconds,
        every_item=needs_every_item(policy or published.policy, is_post_hoc),
        stream=published.stream,
    )
    # Another policy needs exposure control of its own, which `exposure_setup` makes.
    return anew if policy or published.admission is None else anew.controlled(published.admission)


def _cuts(fields: Fields, has_form: Mapping[str, bool]) -> dict[str, tuple[Cut, ...]]:
    rows = fields.value("ambang_batas", [])
    if not isinstance(rows, list):
        raise fields.problem("ambang_batas", rows, "harus daftar tabel [[ambang_batas]]")
    cuts: dict[str, tuple[Cut, ...]] = {}
    for number, row in enumerate(rows, start=1):
        table = Fields(row, f"{fields.place} ambang_batas ke-{number}")
        part = table.choice("bagian", has_form)
        if table.has("nilai") == table.has("theta"):
            raise BadInput(f"{table.place}: perlu salah satu dari nilai atau theta")
        name = table.text("nama", "Ambang batas")
        if "nilai" in table.content:
            if not has_form[part]:
                rule = "bagian ini tidak punya paket acuan untuk nilai; pakai theta"
                raise table.problem("nilai", table.content["nilai"], rule)
            cut = Cut(name, table.number("nilai", 0), "nilai")
        else:
            cut = Cut(name, table.number("theta", -10, 10), "theta")
        table.done()
        cuts[part] = (*cuts.get(part, ()), cut)
    return cuts
