"""A bank that nobody wrote: items with parameters drawn from distributions, for studies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from cat.irt.items import Items, Model, logistic_items, polytomous_items
from cat.itembank.attributes import Attributes
from cat.simulation.study.fields import Fields
from cat.simulation.study.streams import Purpose, normals, seeds

Floats = NDArray[np.float64]

MOST_ITEMS = 1_000_000
LOGISTIC = ("1pl", "2pl", "3pl", "4pl")
POLYTOMOUS = {"grm": Model.GRADED, "gpcm": Model.PARTIAL_CREDIT}
# Unless the study says otherwise: the spread of operational banks, as simulation studies use it.
_DEFAULTS: dict[str, dict[str, object]] = {
    "a": {"jenis": "lognormal", "rata": 0.0, "sb": 0.3},
    "b": {"jenis": "normal", "rata": 0.0, "sb": 1.0},
    "c": {"jenis": "seragam", "dari": 0.1, "sampai": 0.3},
    "d": {"jenis": "seragam", "dari": 0.9, "sampai": 1.0},
}


@dataclass(frozen=True)
class GeneratedBank:
    """items : I items; attributes : their codes and domains, as an item file would state them."""

    items: Items
    attributes: Attributes


def generate(fields: Fields, part: str, seed: int, number: int) -> GeneratedBank:
    """The bank that the table `bangkitkan` of a part describes.

    seed : of the study; the table's own `benih` goes before it. number : position of the part.

    Raises BadInput or BadParameters, naming the field or the item, the value and the rule.
    """
    count = fields.integer("jumlah", 1, MOST_ITEMS)
    model = fields.choice("model", (*LOGISTIC, *POLYTOMOUS))
    own = seeds(fields.integer("benih", 0, 2**62, seed), Purpose.BANK, np.arange(count), number)
    a = np.ones(count) if model == "1pl" else _values(fields, "a", own, 0)
    b = _values(fields, "b", own, 1)
    if model in POLYTOMOUS:
        items = polytomous_items(POLYTOMOUS[model], a, b[:, None] + _steps(fields))
    else:
        c = _values(fields, "c", own, 2) if model in ("3pl", "4pl") else np.zeros(count)
        d = _values(fields, "d", own, 3) if model == "4pl" else np.ones(count)
        items = logistic_items(a, b, c, d)
    domains = fields.names("domain", ("semua",))
    fields.done()
    width = len(str(count))
    codes = [f"{part.upper()}-{i + 1:0{width}}" for i in range(count)]
    dealt = [domains[i % len(domains)] for i in range(count)]
    return GeneratedBank(items, Attributes({"kode": np.array(codes), "domain": np.array(dealt)}))


def _values(fields: Fields, key: str, own: NDArray[np.uint64], number: int) -> Floats:
    """(I,) values of one parameter: the same number for all, or drawn from a distribution."""
    given = fields.value(key, _DEFAULTS[key])
    if not isinstance(given, dict):
        return np.full(len(own), fields.number(key))
    table = Fields(given, f"{fields.place} {key}")
    kind = table.choice("jenis", ("normal", "lognormal", "seragam"))
    z = normals(own, number)
    if kind == "seragam":
        low = table.number("dari")
        values = low + (table.number("sampai", low) - low) * ndtr(z)
    else:
        values = table.number("rata", default=0.0) + table.number("sb", 0, default=1.0) * z
    table.done()
    return np.exp(values) if kind == "lognormal" else np.asarray(values)


def _steps(fields: Fields) -> Floats:
    """(K - 1,) distances of the thresholds from an item's middle, logits."""
    categories = fields.integer("kategori", 2, 20)
    distance = fields.number("jarak", 0.0, 10, default=0.8)
    if distance == 0 and fields.content["model"] == "grm" and categories > 2:
        raise fields.problem("jarak", distance, "ambang GRM harus naik: perlu lebih dari 0")
    return np.asarray(distance * (np.arange(categories - 1) - (categories - 2) / 2))
