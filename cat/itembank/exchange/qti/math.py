"""MathML as LaTeX, kept only where the bank's own renderer turns it back into the same formula."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from latex2mathml.converter import convert
from lxml import etree

from cat.itembank.exchange.report import CannotKeep
from cat.itembank.exchange.xml import Node, local

# Operators and signs whose LaTeX is a command; the table is made by rendering each of them.
_COMMANDS = (
    "times div pm mp cdot ast star le ge neq approx equiv cong sim propto ll gg in "
    "notin ni subset supset subseteq supseteq cup cap emptyset forall exists neg "
    "wedge vee to leftarrow Rightarrow Leftarrow leftrightarrow Leftrightarrow mapsto "
    "infty partial nabla sum prod int angle perp parallel mid therefore because ldots "
    "cdots prime circ bullet degree Delta Gamma Lambda Omega Phi Pi Psi Sigma Theta "
    "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi pi rho sigma "
    "tau phi chi psi omega setminus backslash triangle square"
)
_FUNCTIONS = "sin cos tan cot sec csc log ln exp lim max min gcd det sup inf dim ker"
_ESCAPED = {"{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_", "$": r"\$"}
_ACCENTS = {"¯": "bar", "→": "vec", "^": "hat", "~": "tilde", "˙": "dot"}
# Different writers draw the same line over a letter with different characters.
_SAME = {"‾": "¯", "―": "¯", "ˉ": "¯", "̄": "¯", "ˆ": "^", "̂": "^", "˜": "~", "-": "−", "∗": "*"}
_OPENING, _CLOSING = set("([{|"), set(")]}|")
_TRANSPARENT = {"math", "mrow", "mstyle", "mpadded"}
_INVISIBLE = {"\u2061", "\u2062", "\u2063", "\u2064"}
_LEAVES = {"mi", "mn", "mo", "mtext", "ms"}

Shape = tuple[Any, ...]


def as_latex(math: Node) -> str:
    """LaTeX of a <math> element.

    Raises CannotKeep, naming the formula, where the bank could not show it as it was.
    """
    given = _shape(math)
    for latex in (_annotation(math), _row(math)):
        if latex and _survives(latex, given):
            return latex
    said = " ".join("".join(math.itertext()).split())
    raise CannotKeep(f"rumus MathML “{said[:60]}” tidak dapat disimpan tanpa berubah")


def _survives(latex: str, given: Shape) -> bool:
    if "$" in latex.replace(r"\$", "") or "\n\n" in latex:
        return False
    try:
        return _shape(etree.fromstring(convert(latex))) == given
    except Exception:  # the converter raises whatever its parser stumbled over
        return False


def _annotation(math: Node) -> str:
    """The LaTeX that the writer of the formula left beside it, if any."""
    for node in math.iter():
        kind = node.get("encoding", "") if isinstance(node.tag, str) else ""
        if local(node) == "annotation" and kind in ("application/x-tex", "LaTeX", "TeX"):
            return (node.text or "").strip()
    return ""


def _row(node: Node) -> str:
    children = _children(node)
    if len(children) == 3 and _is_binomial(children[1]):
        return _tex(children[1])  # the command draws its own brackets
    if len(children) > 2 and _text(children[0]) in _OPENING and _text(children[-1]) in _CLOSING:
        first, last = _sign(_text(children[0])), _sign(_text(children[-1]))
        inside = " ".join(_tex(child) for child in children[1:-1])
        return rf"\left{first} {inside} \right{last}"
    return " ".join(text for child in _children(node) if (text := _tex(child))).strip()


def _children(node: Node) -> list[Node]:
    if local(node) == "semantics":
        return list(node)[:1]
    return [child for child in node if isinstance(child.tag, str)]


def _tex(node: Node) -> str:
    name = local(node)
    if name in _LEAVES:
        return _leaf(name, _text(node))
    parts = [f"{{{_row(child) if local(child) in _ROWS else _tex(child)}}}" for child in node]
    match name, parts:
        case "mspace", _:
            return r"\,"
        case "mfenced", _:
            inside = node.get("separators", ",")[:1].join(_tex(child) for child in node)
            return f"{_sign(node.get('open', '('))} {inside} {_sign(node.get('close', ')'))}"
        case "mtable", _:
            return _matrix(node)
        case "msqrt", _:
            return rf"\sqrt{{{_row(node)}}}"
        case "mfrac", [top, bottom]:
            command = "binom" if _is_binomial(node) else "frac"
            return rf"\{command}{top}{bottom}"
        case "mroot", [base, index]:
            return rf"\sqrt[{index[1:-1]}]{base}"
        case "msub", [base, below]:
            return f"{base[1:-1] or '{}'}_{below}"
        case "msup", [base, above]:
            return f"{base[1:-1] or '{}'}^{above}"
        case "msubsup", [base, below, above]:
            return f"{base[1:-1] or '{}'}_{below}^{above}"
        case "mover", [base, above]:
            said = _text(node[1])
            accent = _ACCENTS.get(_SAME.get(said, said))
            return rf"\{accent}{base}" if accent else rf"\overset{above}{base}"
        case "munder", [base, below]:
            limits = rf"{base[1:-1]}\limits_{below}" if local(node[0]) == "mo" else ""
            return limits or rf"\underset{below}{base}"
        case "munderover", [base, below, above]:
            return rf"{base[1:-1]}\limits_{below}^{above}"
    return _row(node) if name in _ROWS else ""


_ROWS = {*_TRANSPARENT, "semantics", "mtd"}


def _matrix(table: Node) -> str:
    rows = [" & ".join(_row(cell) for cell in row) for row in table if local(row) == "mtr"]
    return r"\begin{matrix}" + r" \\ ".join(rows) + r"\end{matrix}"


def _leaf(name: str, text: str) -> str:
    if name in ("mtext", "ms"):
        return rf"\text{{{text}}}" if text else r"\,"
    if name == "mn":
        return text
    if text in _FUNCTIONS.split():
        return rf"\{text}"
    if len(text) > 1 and text.isalpha():
        return rf"\operatorname{{{text}}}"
    return "".join(_sign(letter) for letter in text)


def _sign(letter: str) -> str:
    if letter in _INVISIBLE:
        return ""
    return _ESCAPED.get(letter) or _commands().get(letter) or letter


@cache
def _commands() -> dict[str, str]:
    """Letter -> the command that draws it."""
    found = {"−": "-"}
    for command in _COMMANDS.split():
        drawn = "".join(etree.fromstring(convert(rf"\{command}")).itertext())
        if len(drawn) == 1:
            found.setdefault(drawn, rf"\{command} ")
    return found


def _shape(node: Node) -> Shape:
    """What of a formula the eye can tell: nested tuples without empty grouping."""
    name = local(node)
    if name in _LEAVES:
        return _leaf_shape(name, _text(node))
    if name == "mfenced":
        return ("row", *_fenced(node))
    children = [_shape(child) for child in _children(node) if local(child) != "mspace"]
    if name in (*_TRANSPARENT, "semantics", "mtd", "msqrt"):
        row = _merged([leaf for child in children for leaf in _opened(child)])
        if name == "msqrt":
            return ("msqrt", *row)
        return row[0] if len(row) == 1 else ("row", *row)
    if name == "mfrac" and _is_binomial(node):
        return ("binom", *children)
    if name in ("mover", "munder", "munderover", "msub", "msup", "msubsup"):
        return (name, *(_accent(child) for child in children))
    return (name, *children)


def _fenced(node: Node) -> list[Shape]:
    separator = _leaf_shape("mo", node.get("separators", ",")[:1])
    row = [_leaf_shape("mo", node.get("open", "("))]
    for place, child in enumerate(node):
        row += ([separator] if place else []) + _opened(_shape(child))
    return _merged([*row, _leaf_shape("mo", node.get("close", ")"))])


def _opened(shape: Shape) -> list[Shape]:
    return list(shape[1:]) if shape[0] == "row" else [shape]


def _merged(row: list[Shape]) -> list[Shape]:
    """One number where a comma or a point parts its digits; nothing where a sign is invisible."""
    merged: list[Shape] = []
    for shape in row:
        if shape == ("leaf", "o", ""):
            continue
        joins = merged and _is_digits(merged[-1]) and _is_digits(shape)
        if joins and (merged[-1][2][0].isdigit()):
            merged[-1] = ("leaf", "o", merged[-1][2] + shape[2])
        else:
            merged.append(shape)
    return merged


def _is_digits(shape: Shape) -> bool:
    return shape[:2] == ("leaf", "o") and bool(re.fullmatch(r"[\d.,]+", shape[2]))


def _is_binomial(node: Node) -> bool:
    return (
        local(node) == "mfrac"
        and node.get("linethickness", "").strip("0pxemt.") == ""
        and (node.get("linethickness") is not None)
    )


def _accent(shape: Shape) -> Shape:
    if shape[:2] == ("leaf", "o"):
        return ("leaf", "o", _SAME.get(shape[2], shape[2]))
    return shape


def _leaf_shape(name: str, text: str) -> Shape:
    """A leaf by what is seen: slanted letter, upright text, or sign."""
    if name in ("mtext", "ms"):
        return ("leaf", "text", text)
    if text in _INVISIBLE:
        return ("leaf", "o", "")
    slanted = name == "mi" and len(text) == 1 and text.isalpha()
    return ("leaf", "i" if slanted else "o", "−" if text == "-" else text)


def _text(node: Node) -> str:
    return re.sub(r"\s+", " ", (node.text or "").replace("\xa0", " ")).strip()
