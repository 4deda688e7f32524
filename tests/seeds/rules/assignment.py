"""Which options of an analytical puzzle does its rule make right?

A rule gives each of its `variabel` a domain, `syarat` as conditions over them and one claim per
option; `tanya` says what is asked. The language is described at the head of `analitis.toml`.
Nothing is sampled: assignments are enumerated one by one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

COMPARISONS = {
    ast.Eq: lambda left, right: left == right,
    ast.NotEq: lambda left, right: left != right,
    ast.Lt: lambda left, right: left < right,
    ast.LtE: lambda left, right: left <= right,
    ast.Gt: lambda left, right: left > right,
    ast.GtE: lambda left, right: left >= right,
}


@cache
def read_expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def evaluate(node: ast.expr, assignment: Mapping[str, Any]) -> Any:
    """Value of an expression; whatever the language does not have is refused, never executed."""
    match node:
        case ast.Constant(value=int() | str() as constant):
            return constant
        case ast.Name(id=name) if name in assignment:
            return assignment[name]
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(evaluate_each(parts, assignment))
        case ast.BoolOp(op=ast.Or(), values=parts):
            return any(evaluate_each(parts, assignment))
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return not evaluate(part, assignment)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return evaluate(left, assignment) + evaluate(right, assignment)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return evaluate(left, assignment) - evaluate(right, assignment)
        case ast.Call(func=ast.Name(id="abs"), args=[part], keywords=[]):
            return abs(evaluate(part, assignment))
        case ast.Compare(left=left, ops=signs, comparators=rest) if all(
            type(sign) in COMPARISONS for sign in signs
        ):
            values = evaluate_each([left, *rest], assignment)
            pairs = zip(signs, values, values[1:], strict=False)
            return all(COMPARISONS[type(sign)](one, other) for sign, one, other in pairs)
    raise ValueError(f"not in the language of the rules: {ast.unparse(node)}")


def evaluate_each(nodes: Sequence[ast.expr], assignment: Mapping[str, Any]) -> list[Any]:
    """All values, without short cuts, so that no part of a rule goes unread."""
    return [evaluate(node, assignment) for node in nodes]


def claims(text: str, assignment: Mapping[str, Any]) -> bool:
    """Truth of a whole condition or claim, which must be a yes or a no."""
    value = evaluate(read_expression(text), assignment)
    if not isinstance(value, bool):
        raise ValueError(f"neither true nor false: {text}")
    return value


def assignments(rule: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every way to give each variable a value of its domain, distinct within a `berbeda` group."""
    names = list(rule["variabel"])
    rivals = {
        name: [other for group in rule.get("berbeda", []) if name in group for other in group]
        for name in names
    }

    def extend(chosen: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if len(chosen) == len(names):
            yield dict(chosen)
            return
        name = names[len(chosen)]
        taken = [chosen[other] for other in rivals[name] if other in chosen]
        for value in rule["variabel"][name]:
            if value not in taken:
                yield from extend({**chosen, name: value})

    yield from extend({})


def solutions(rule: Mapping[str, Any], conditions: Sequence[str]) -> list[dict[str, Any]]:
    """The assignments that meet all conditions."""
    return [each for each in assignments(rule) if meets(conditions, each)]


def meets(conditions: Sequence[str], assignment: Mapping[str, Any]) -> bool:
    return all(claims(text, assignment) for text in conditions)


def answers_to_puzzle(rule: Mapping[str, Any]) -> set[str]:
    """Letters of the options that answer the question which the rule asks."""
    found = solutions(rule, rule["syarat"])
    if not found:
        raise ValueError("no assignment meets all conditions")
    true_in = {
        letter: sum([claims(claim, each) for each in found])
        for letter, claim in rule["pilihan"].items()
    }
    asked = {
        "pasti": lambda count: count == len(found),
        "mungkin": lambda count: count > 0,
        "tidak_mungkin": lambda count: count == 0,
    }[rule["tanya"]]
    return {letter for letter, count in true_in.items() if asked(count)}


def names_in(expression: str) -> list[str]:
    """Variables of an expression."""
    nodes = ast.walk(read_expression(expression))
    return [node.id for node in nodes if isinstance(node, ast.Name) and node.id != "abs"]
