"""A small drawing surface: lines, points and words as inline SVG, with title and description.

Presentation attributes only, no styles: pages forbid inline styles. Hundreds of pages with three
drawings each must cost milliseconds, which a plotting library does not allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from cat.calibration.report.numerals import angka

# Okabe and Ito's colours, told apart by people with any colour vision; dashes and marks repeat
# what they say.
BLUE, ORANGE, GREEN, PURPLE, SKY = "#0072b2", "#b34700", "#00704f", "#8a3a6d", "#4a8db7"
GREY, INK, GRID = "#5b6b76", "#16242d", "#dde4e9"
SERIES = (
    (BLUE, "", "circle"),
    (ORANGE, "7 3", "square"),
    (GREEN, "2 3", "triangle"),
    (PURPLE, "9 3 2 3", "diamond"),
    (SKY, "4 4", "circle"),
    (GREY, "1 4", "square"),
)
WIDTH, HEIGHT = 390, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 30, 42
_LINE = 16
_LEGEND_LINES = 6


@dataclass
class Chart:
    """One drawing with two axes.

    name : unique in the page, letters, digits and hyphens. title : above the drawing and for
    screen readers; description : what the drawing says, in words.
    x, y : (low, high). y_label stands above, x_label below.
    """

    name: str
    title: str
    description: str
    x: tuple[float, float]
    y: tuple[float, float]
    x_label: str
    y_label: str
    x_ticks: Sequence[float] = ()
    y_ticks: Sequence[float] = ()
    y_digits: int = 1
    x_words: Sequence[str] = ()
    _body: list[str] = field(default_factory=list)
    _legend: list[tuple[str, str, str | None, str]] = field(default_factory=list)

    def line(self, x: Sequence[float], y: Sequence[float], color: str, dash: str = "") -> None:
        """A curve through points."""
        points = " ".join(f"{self._x(a):.1f},{self._y(b):.1f}" for a, b in zip(x, y, strict=True))
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._body.append(
            f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"{dashes}/>'
        )

    def bar(self, x: float, low: float, high: float, color: str) -> None:
        """An upright interval."""
        at = self._x(x)
        self._body.append(
            f'<path d="M{at:.1f} {self._y(low):.1f}V{self._y(high):.1f}'
            f"M{at - 3:.1f} {self._y(low):.1f}h6M{at - 3:.1f} {self._y(high):.1f}h6"
            f'" stroke="{color}" stroke-width="1.4" fill="none"/>'
        )

    def mark(self, x: float, y: float, color: str, shape: str = "circle") -> None:
        """A point."""
        self._body.append(_mark(self._x(x), self._y(y), color, shape))

    def legend(self, words: str, color: str, dash: str | None = "", shape: str = "") -> None:
        """Say under the drawing what a series is. dash : of its line, None where it has no line."""
        self._legend.append((words, color, dash, shape))

    def svg(self) -> str:
        """The drawing as an <svg> element for the middle of an HTML page."""
        height = HEIGHT + _LINE * len(self._legend) + (_LEGEND_LINES if self._legend else 0)
        ids = f"{self.name}-title {self.name}-desc"
        return "\n".join(
            [
                f'<svg class="plot" role="img" aria-labelledby="{ids}"'
                f' viewBox="0 0 {WIDTH} {height}" font-size="12">',
                f'<title id="{self.name}-title">{escape(self.title)}</title>',
                f'<desc id="{self.name}-desc">{escape(self.description)}</desc>',
                *self._axes(),
                *self._body,
                *self._legends(),
                "</svg>",
            ]
        )

    def _axes(self) -> list[str]:
        bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
        found = [_text(4, 14, self.y_label, INK)]
        for tick in self.y_ticks:
            at = self._y(tick)
            found.append(f'<path d="M{_LEFT} {at:.1f}H{right}" stroke="{GRID}"/>')
            found.append(_text(_LEFT - 6, at + 4, angka(tick, self.y_digits), INK, "end"))
        words = list(self.x_words) or [angka(tick, 0) for tick in self.x_ticks]
        for tick, word in zip(self.x_ticks, words, strict=True):
            found.append(f'<path d="M{self._x(tick):.1f} {bottom}v4" stroke="{GREY}"/>')
            found.append(_text(self._x(tick), bottom + 17, word, INK, "middle"))
        found.append(f'<path d="M{_LEFT} {_TOP}V{bottom}H{right}" stroke="{GREY}" fill="none"/>')
        found.append(_text((_LEFT + right) / 2, HEIGHT - 8, self.x_label, INK, "middle"))
        return found

    def _legends(self) -> list[str]:
        found = []
        for row, (words, color, dash, shape) in enumerate(self._legend):
            at = HEIGHT + _LEGEND_LINES + _LINE * row
            if dash is not None:
                dashes = f' stroke-dasharray="{dash}"' if dash else ""
                found.append(
                    f'<path d="M{_LEFT} {at}h30" stroke="{color}" stroke-width="2"{dashes}/>'
                )
            if shape:
                found.append(_mark(_LEFT + 15, at, color, shape))
            found.append(_text(_LEFT + 38, at + 4, words, INK))
        return found

    def _x(self, value: float) -> float:
        return _LEFT + (value - self.x[0]) / (self.x[1] - self.x[0]) * (WIDTH - _LEFT - _RIGHT)

    def _y(self, value: float) -> float:
        inside = min(max(value, self.y[0]), self.y[1])
        share = (inside - self.y[0]) / (self.y[1] - self.y[0])
        return HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM)


def _mark(x: float, y: float, color: str, shape: str) -> str:
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{color}"/>'
    paths = {
        "square": f"M{x - 3.2:.1f} {y - 3.2:.1f}h6.4v6.4h-6.4z",
        "triangle": f"M{x:.1f} {y - 4.4:.1f}l4.2 7.4h-8.4z",
        "diamond": f"M{x:.1f} {y - 4.6:.1f}l4.4 4.6l-4.4 4.6l-4.4 -4.6z",
    }
    return f'<path d="{paths[shape]}" fill="{color}"/>'


def _text(x: float, y: float, words: str, color: str, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" fill="{color}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(words)}</text>"
