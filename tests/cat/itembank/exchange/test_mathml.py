"""Formulas: kept where the bank shows the same again, refused where it does not."""

from __future__ import annotations

import pytest
from latex2mathml.converter import convert
from lxml import etree

from cat.itembank.exchange.qti.math import _shape, as_latex
from cat.itembank.exchange.report import CannotKeep

MATHML = "http://www.w3.org/1998/Math/MathML"


def math(inside: str):
    return etree.fromstring(f'<math xmlns="{MATHML}">{inside}</math>')


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{1}{2}-3",
        r"\sqrt[3]{x}+\sqrt{ab}",
        r"\left(\frac{a}{b}\right)^2",
        r"\begin{matrix}1&2\\3&4\end{matrix}",
        r"x_1^2 \times 10^{-3} \le \alpha",
        r"\overline{AB}+\bar{x}+\vec{v}",
        r"\sum_{i=1}^n i",
        r"12{,}5\% \ne 1{.}000",
        r"\lim_{x\to 0} f'(x)",
        r"\binom{n}{k}",
        r"\{a\} \cup \text{luas persegi}",
    ],
)
def test_what_the_bank_writes_it_reads_again(latex):
    given = etree.fromstring(convert(latex))

    again = etree.fromstring(convert(as_latex(given)))

    assert _shape(again) == _shape(given)


@pytest.mark.parametrize(
    ("inside", "latex"),
    [
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "( a,b )"),
        ("<mn>12,5</mn><mo>%</mo>", r"12,5 \%"),
        ("<mi>sin</mi><mo>&#x2061;</mo><mi>x</mi>", r"\sin x"),
        (
            "<semantics><mi>x</mi><annotation encoding='LaTeX'>x</annotation></semantics>",
            "x",
        ),
        ("<mfrac linethickness='0'><mi>n</mi><mi>k</mi></mfrac>", None),
        ("<menclose notation='box'><mi>a</mi></menclose>", None),
        ("<mstack><mn>1</mn></mstack>", None),
        ("<mtext>a}b</mtext>", None),
    ],
)
def test_mathml_of_others_is_kept_whole_or_refused(inside, latex):
    if latex is None:
        with pytest.raises(CannotKeep, match="rumus MathML"):
            as_latex(math(inside))
    else:
        assert as_latex(math(inside)) == latex
