"""Numbers and names as Indonesian readers write them: decimal comma, points between thousands."""

from __future__ import annotations

from cat.simulation.measuring.measured import Measured

MINUS = "\N{MINUS SIGN}"
# What stands where a figure is undefined; the report explains it once.
NOTHING = "\N{EN DASH}"
# Half the width of a 95 % interval in standard errors.
_WIDTH_95 = 1.96
_SWAP = str.maketrans({",": ".", ".": ","})


def angka(value: float | None, digits: int = 0, is_signed: bool = False) -> str:
    """1234.5 with one digit becomes "1.234,5"; a signed number says "+", too; None is a dash."""
    if value is None:
        return NOTHING
    size = f"{abs(value):,.{digits}f}".translate(_SWAP)
    if not any(digit in size for digit in "123456789"):
        return size
    if value < 0:
        return MINUS + size
    return "+" + size if is_signed else size


def persen(share: float | None, digits: int = 0) -> str:
    """0.125 with one digit becomes "12,5%".

    A share that is not quite nothing or everything never reads as 0 or 100 %.
    """
    if share is None:
        return NOTHING
    step = 10.0**-digits
    if 0 < share * 100 < step / 2:
        return f"<{angka(step, digits)}%"
    if 0 < (1 - share) * 100 < step / 2:
        return f">{angka(100 - step, digits)}%"
    return f"{angka(share * 100, digits)}%"


def ketelitian(figure: Measured, digits: int = 3, scale: float = 1.0) -> str:
    """The chance error of a simulated figure at 95 %, such as "± 0,012"; scale 100 for percent."""
    if figure.mcse is None:
        return NOTHING
    width = _WIDTH_95 * figure.mcse * scale
    step = 10.0**-digits
    if 0 < width < step / 2:
        return f"± <{angka(step, digits)}"
    return f"± {angka(width, digits)}"


def domain(path: str) -> str:
    """A content domain as readers see it: "tiu.soal_cerita" becomes "tiu › soal cerita"."""
    return path.replace("_", " ").replace(".", " › ")


def rentang(lower: float | None, upper: float | None, digits: int = 1) -> str:
    """Bounds in words: "3 sampai 5", "paling sedikit 3", "paling banyak 5", "bebas"."""
    if lower is None and upper is None:
        return "bebas"
    if lower is None:
        return f"paling banyak {angka(upper, digits)}"
    if upper is None:
        return f"paling sedikit {angka(lower, digits)}"
    if lower == upper:
        return f"tepat {angka(lower, digits)}"
    return f"{angka(lower, digits)} sampai {angka(upper, digits)}"
