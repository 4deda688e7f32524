"""What is the exact value of an expression in an item model?

A small part of Python's notation, read with `ast` and never run: whole and fractional numbers are
exact, a name means what the caller says, and only the functions below can be called.

    numbers       + - * / // % **           logic     and, or, not, x if y else z
    comparisons   < <= == != >= >           tuples    (p, q)   t[0]   x in t
    records       k.nama   k["nama"]        texts     "segitiga", compared only
"""

from __future__ import annotations

import ast
import math
import operator
import statistics
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeAlias, Union

from cat.errors import BadItem

Value: TypeAlias = Union[Fraction, bool, str, tuple["Value", ...], Mapping[str, "Value"]]  # noqa: UP007
Values: TypeAlias = Mapping[str, Value]

LONGEST = 500  # characters of an expression
MOST_BITS = 4096  # of a numerator or denominator on the way
MOST_EXPONENT = 200
MOST_ELEMENTS = 10_000  # of a tuple with the tuples inside it

_ARITHMETIC: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction | int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_ORDER: dict[type[ast.cmpop], Callable[[Fraction, Fraction], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.GtE: operator.ge,
    ast.Gt: operator.gt,
}


def evaluate(expression: str, values: Values) -> Value:
    """The value of an expression over named values; all numbers in it are exact fractions.

    Raises BadItem naming the expression and the rule that it breaks: notation that is not listed
    above, a name nobody gave, a division by zero, a root that is not exact, a number too large.
    """
    try:
        return _value(_parsed(expression), values, expression)
    except RecursionError as error:
        raise _refusal(expression[:60], "terlalu bertingkat-tingkat") from error


def number(expression: str, values: Values) -> Fraction:
    """The value of an expression that must be a number."""
    return _number(evaluate(expression, values), expression)


def truth(expression: str, values: Values) -> bool:
    """The value of an expression that must be true or false."""
    value = evaluate(expression, values)
    if not isinstance(value, bool):
        raise _refusal(expression, "harus bernilai benar atau salah")
    return value


def names_in(expression: str) -> set[str]:
    """The names that an expression asks for."""
    return {node.id for node in ast.walk(_parsed(expression)) if isinstance(node, ast.Name)}


def _parsed(expression: str) -> ast.expr:
    if len(expression) > LONGEST:
        raise _refusal(expression[:60], f"paling panjang {LONGEST} huruf")
    try:
        return ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _refusal(expression, "bukan ungkapan yang benar") from error


def _value(node: ast.expr, values: Values, whole: str) -> Value:
    match node:
        case ast.Constant(value=bool(given)):
            return given
        case ast.Constant(value=int(given)):
            return _bounded(Fraction(given), whole)
        case ast.Constant(value=str(given)):
            return given
        case ast.Name(id=name):
            if name not in values:
                raise _refusal(whole, f"nama {name!r} tidak dikenal")
            return values[name]
        case ast.Tuple(elts=parts):
            return _tuple([_value(part, values, whole) for part in parts], whole)
        case ast.Attribute(value=record, attr=name):
            return _field(_value(record, values, whole), name, whole)
        case ast.Subscript(value=row, slice=position):
            return _element(_value(row, values, whole), _value(position, values, whole), whole)
        case ast.IfExp(test=test, body=body, orelse=other):
            return _value(body if _is_true(test, values, whole) else other, values, whole)
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_is_true(part, values, whole) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_is_true(part, values, whole) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _is_true(operand, values, whole)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(_value(operand, values, whole), whole)
        case ast.Compare():
            return _comparison(node, values, whole)
        case ast.BinOp():
            return _bounded(_arithmetic(node, values, whole), whole)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            return _call(name, [_value(each, values, whole) for each in args], whole)
    raise _refusal(whole, f"{ast.unparse(node)[:60]!r} tidak dikenal di sini")


def _arithmetic(node: ast.BinOp, values: Values, whole: str) -> Fraction:
    left = _number(_value(node.left, values, whole), whole)
    right = _number(_value(node.right, values, whole), whole)
    try:
        if isinstance(node.op, ast.Pow):
            return _power(left, right, whole)
        if type(node.op) in _ARITHMETIC:
            return Fraction(_ARITHMETIC[type(node.op)](left, right))
    except ZeroDivisionError as error:
        raise _refusal(whole, "pembagian dengan nol") from error
    raise _refusal(whole, f"{ast.unparse(node)[:60]!r} tidak dikenal di sini")


def _power(base: Fraction, exponent: Fraction, whole: str) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > MOST_EXPONENT:
        raise _refusal(whole, f"pangkat harus bulat, paling besar {MOST_EXPONENT}")
    bits = max(abs(base.numerator).bit_length(), base.denominator.bit_length())
    if bits * abs(exponent) > MOST_BITS:
        raise _refusal(whole, "bilangan terlalu besar")
    return Fraction(base**exponent.numerator)


def _comparison(node: ast.Compare, values: Values, whole: str) -> bool:
    sides = [_value(side, values, whole) for side in (node.left, *node.comparators)]
    return all(
        _compared(left, op, right, whole)
        for left, op, right in zip(sides, node.ops, sides[1:], strict=False)
    )


def _compared(left: Value, op: ast.cmpop, right: Value, whole: str) -> bool:
    if isinstance(op, ast.Eq | ast.NotEq):
        return (left == right) == isinstance(op, ast.Eq)
    if isinstance(op, ast.In | ast.NotIn):
        if not isinstance(right, tuple):
            raise _refusal(whole, "in memerlukan daftar")
        return (left in right) == isinstance(op, ast.In)
    if type(op) in _ORDER:
        return _ORDER[type(op)](_number(left, whole), _number(right, whole))
    raise _refusal(whole, "perbandingan ini tidak dikenal")


def _field(record: Value, name: str, whole: str) -> Value:
    if not isinstance(record, Mapping) or name not in record:
        raise _refusal(whole, f"isian {name!r} tidak ada")
    return record[name]


def _element(row: Value, position: Value, whole: str) -> Value:
    if isinstance(position, str):
        return _field(row, position, whole)
    index = _number(position, whole)
    if not isinstance(row, tuple) or index.denominator != 1 or not 0 <= index < len(row):
        raise _refusal(whole, f"unsur ke-{index} tidak ada; unsur pertama ke-0")
    return row[int(index)]


def _is_true(node: ast.expr, values: Values, whole: str) -> bool:
    value = _value(node, values, whole)
    if not isinstance(value, bool):
        raise _refusal(whole, f"{ast.unparse(node)[:60]!r} harus bernilai benar atau salah")
    return value


def _number(value: Value, whole: str) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, Fraction):
        raise _refusal(whole, f"perlu bilangan (terbaca: {value!r:.60})")
    return value


def _tuple(parts: list[Value], whole: str) -> Value:
    # Tuples of tuples double with every step: comparing or writing them would never end.
    if sum(map(_elements, parts)) > MOST_ELEMENTS:
        raise _refusal(whole, f"daftar paling banyak {MOST_ELEMENTS} unsur")
    return tuple(parts)


def _elements(value: Value) -> int:
    if isinstance(value, Mapping):
        return sum(map(_elements, value.values()))
    return sum(map(_elements, value)) if isinstance(value, tuple) else 1


def _bounded(value: Fraction, whole: str) -> Fraction:
    if max(abs(value.numerator).bit_length(), value.denominator.bit_length()) > MOST_BITS:
        raise _refusal(whole, "bilangan terlalu besar")
    return value


def _refusal(expression: str, rule: str) -> BadItem:
    return BadItem(f"ungkapan {expression!r}: {rule}", expression=expression, rule=rule)


# --- Functions ---------------------------------------------------------------------------------


def _call(name: str, args: list[Value], whole: str) -> Value:
    if len(args) == 1 and isinstance(args[0], tuple):
        args = list(args[0])
    numbers = [_number(each, whole) for each in args]
    try:
        found = FUNCTIONS[name](*numbers)
    except (TypeError, ValueError, ZeroDivisionError, statistics.StatisticsError) as error:
        raise _refusal(whole, f"{name}(...): {error}") from error
    return _bounded(found, whole) if isinstance(found, Fraction) else found


def _whole(value: Fraction, most: int = 10**9) -> int:
    if value.denominator != 1 or not 0 <= value <= most:
        raise ValueError(f"perlu bilangan bulat 0 sampai {most}, terbaca {value}")
    return int(value)


def _root(value: Fraction, degree: Fraction = Fraction(2)) -> Fraction:
    """The rational root; refused where there is none, so that nothing is ever rounded."""
    power = _whole(degree, most=9)
    if value < 0 or power < 1:
        raise ValueError(f"akar pangkat {power} dari {value} tidak ada")
    parts = []
    for part in value.as_integer_ratio():
        low, high = 0, 1 << (part.bit_length() // power + 1)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if middle**power <= part else (low, middle - 1)
        parts.append(low)
    if Fraction(*parts) ** power != value:
        raise ValueError(f"akar pangkat {power} dari {value} tidak tepat")
    return Fraction(*parts)


def _terminates(value: Fraction, places: Fraction = Fraction(3)) -> bool:
    """Whether so many decimals write the number exactly."""
    return bool((value * 10 ** _whole(places, most=9)).denominator == 1)


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "akar": _root,
    "kpk": lambda *n: Fraction(math.lcm(*map(_whole, n))),
    "fpb": lambda *n: Fraction(math.gcd(*map(_whole, n))),
    "fakt": lambda n: Fraction(math.factorial(_whole(n, most=100))),
    "komb": lambda n, k: Fraction(math.comb(_whole(n, most=100), _whole(k, most=100))),
    "perm": lambda n, k: Fraction(math.perm(_whole(n, most=100), _whole(k, most=100))),
    "mutlak": lambda x: abs(x),
    "min": lambda *n: min(n),
    "max": lambda *n: max(n),
    "jumlah": lambda *n: sum(n, Fraction(0)),
    "rata": lambda *n: sum(n, Fraction(0)) / len(n),
    "median": lambda *n: Fraction(statistics.median(n)),
    "bulat": lambda x: x.denominator == 1,
    "desimal": _terminates,
    "banyak": lambda *n: Fraction(len(n)),
}
