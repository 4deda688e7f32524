"""Item models: templates whose children are items of the bank, known family by family.

    model = parse_model(path.read_text())
    children = generate(model, count=5, seed=7, existing=bank)

How to write a model: docs/panduan/model-butir.md.
"""

from cat.itembank.models.generator import Preview, generate, preview, sibling_enemies
from cat.itembank.models.model import ItemModel
from cat.itembank.models.reading import parse_model, read_model

__all__ = [
    "ItemModel",
    "Preview",
    "generate",
    "parse_model",
    "preview",
    "read_model",
    "sibling_enemies",
]
