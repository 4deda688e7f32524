"""How does a candidate read a number? Indonesian notation: decimal comma, point for thousands."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from cat.errors import BadItem
from cat.itembank.models.expressions import Value

MINUS = "\N{MINUS SIGN}"
MOST_DECIMALS = 6


def write(value: Value, style: str = "angka") -> str:
    """A value in one of the STYLES; a text stays as it is.

    Raises BadItem naming the value and the style that cannot write it.
    """
    if style not in STYLES:
        raise _refusal(value, f"cara tulis {style!r} tidak dikenal; ada {', '.join(STYLES)}")
    if isinstance(value, str):
        return value[:1].upper() + value[1:] if style == "kapital" else value
    if isinstance(value, bool) or not isinstance(value, Fraction):
        raise _refusal(value, "yang ditulis harus bilangan atau teks")
    return STYLES[style](value)


def plain(value: Fraction) -> str:
    """1.250,5 where the decimals end; a fraction such as 7/12 where they do not."""
    return _decimal(value) or fraction(value)


def fraction(value: Fraction) -> str:
    """A fraction in lowest terms, or a whole number: 5/4."""
    sign, size = _sign(value)
    return f"{sign}{size.numerator}" + (f"/{size.denominator}" if size.denominator > 1 else "")


def _mixed(value: Fraction) -> str:
    sign, size = _sign(value)
    whole, rest = divmod(size, 1)
    return f"{sign}{whole} {fraction(rest)}" if whole and rest else fraction(value)


def _percentage(value: Fraction) -> str:
    return f"{_must(_decimal(value * 100), value, 'persen tidak habis')}%"


def _rupiah(value: Fraction) -> str:
    return f"Rp{_must(_whole(value), value, 'rupiah harus bilangan bulat tak negatif')}"


def _clock(value: Fraction) -> str:
    """Minutes after midnight as 07.30."""
    if value.denominator != 1 or not 0 <= value < 24 * 60:
        raise _refusal(value, "jam adalah menit bulat 0 sampai 1439")
    hours, minutes = divmod(int(value), 60)
    return f"{hours:02}.{minutes:02}"


def _latex(value: Fraction) -> str:
    text = _decimal(value, thousands="")
    if text is not None:
        return text.replace(",", "{,}").replace(MINUS, "-")
    sign, size = _sign(value, minus="-")
    return rf"{sign}\frac{{{size.numerator}}}{{{size.denominator}}}"


def _latex_fraction(value: Fraction) -> str:
    if value.denominator == 1:
        return _latex(value)
    sign, size = _sign(value, minus="-")
    return rf"{sign}\frac{{{size.numerator}}}{{{size.denominator}}}"


def _latex_mixed(value: Fraction) -> str:
    sign, size = _sign(value, minus="-")
    whole, rest = divmod(size, 1)
    if not (whole and rest):
        return _latex_fraction(value)
    return rf"{sign}{whole}\frac{{{rest.numerator}}}{{{rest.denominator}}}"


def _signed(value: Fraction) -> str:
    """With its sign apart, as a term that follows another: + 4."""
    return f"{MINUS if value < 0 else '+'} {plain(abs(value))}"


def _in_formula(value: Fraction) -> str:
    """As an expression reads it, in brackets where another operator could catch a part of it."""
    return str(value) if value.denominator == 1 and value >= 0 else f"({value})"


STYLES: dict[str, Callable[[Fraction], str]] = {
    "angka": plain,
    "pecahan": fraction,
    "campuran": _mixed,
    "persen": _percentage,
    "rupiah": _rupiah,
    "jam": _clock,
    "latex": _latex,
    "latex_pecahan": _latex_fraction,
    "latex_campuran": _latex_mixed,
    "bertanda": _signed,
    "polos": _in_formula,
    "kapital": plain,
}


def _decimal(value: Fraction, thousands: str = ".") -> str | None:
    """The exact decimal notation; None where more than MOST_DECIMALS would be needed."""
    scaled = value * 10**MOST_DECIMALS
    if scaled.denominator != 1:
        return None
    sign, size = _sign(value)
    whole, rest = divmod(size, 1)
    decimals = f"{int(rest * 10**MOST_DECIMALS):0{MOST_DECIMALS}}".rstrip("0")
    text = f"{int(whole):,}".replace(",", thousands)
    return f"{sign}{text}" + (f",{decimals}" if decimals else "")


def _whole(value: Fraction) -> str | None:
    return _decimal(value) if value.denominator == 1 and value >= 0 else None


def _sign(value: Fraction, minus: str = MINUS) -> tuple[str, Fraction]:
    return (minus if value < 0 else ""), abs(value)


def _must(text: str | None, value: Fraction, rule: str) -> str:
    if text is None:
        raise _refusal(value, rule)
    return text


def _refusal(value: Value, rule: str) -> BadItem:
    return BadItem(f"{rule} (terbaca: {value})", value=str(value), rule=rule)
