"""What is the exact value of an arithmetic expression over given names?"""

from __future__ import annotations

import ast
import math
import operator
import statistics
from collections.abc import Mapping
from fractions import Fraction

Values = Mapping[str, Fraction]
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
}
_COMPARISONS = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.GtE: operator.ge,
    ast.Gt: operator.gt,
}


def exact_root(value: Fraction, degree: Fraction) -> Fraction:
    """The rational root; ValueError when there is none, so that nothing is ever rounded."""
    top, bottom = (round(part ** (1 / float(degree))) for part in value.as_integer_ratio())
    if Fraction(top, bottom) ** int(degree) != value:
        raise ValueError(f"{value} has no exact root of degree {degree}")
    return Fraction(top, bottom)


_FUNCTIONS = {
    "akar": exact_root,
    "kpk": lambda *numbers: Fraction(math.lcm(*map(int, numbers))),
    "median": lambda *numbers: statistics.median(numbers),
}


def compute(expression: str, values: Values) -> Fraction:
    """Exact value of an arithmetic expression; refuses every name that is not given."""
    return _value(ast.parse(expression, mode="eval").body, values)


def _value(node: ast.expr, values: Values) -> Fraction:
    match node:
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            return Fraction(number)
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, values)
        case ast.BinOp(left=base, op=ast.Pow(), right=power):
            exponent = _value(power, values)
            if exponent.denominator != 1 or abs(exponent) > 100:
                raise ValueError(f"exponent {exponent} is not a small whole number")
            return _value(base, values) ** exponent.numerator
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(_value(arg, values) for arg in args))
    raise ValueError(f"not arithmetic over given names: {ast.dump(node)}")


def holds(comparison: str, values: Values) -> bool:
    """Whether a chain such as `y < x < 2*y` is true."""
    node = ast.parse(comparison, mode="eval").body
    if not isinstance(node, ast.Compare):
        raise ValueError(f"not a comparison: {comparison}")
    sides = [_value(side, values) for side in (node.left, *node.comparators)]
    return all(
        _COMPARISONS[type(op)](left, right)
        for op, left, right in zip(node.ops, sides, sides[1:], strict=False)
    )


def constants(*expressions: str) -> set[Fraction]:
    """The numbers written out in expressions."""
    nodes = (node for each in expressions for node in ast.walk(ast.parse(each, mode="eval")))
    return {Fraction(node.value) for node in nodes if isinstance(node, ast.Constant)}
