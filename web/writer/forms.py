"""What the forms of the writers' pages send."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from wtforms import SelectField
from wtforms.validators import InputRequired

from web.formatting import domain as domain_label
from web.forms import Form
from web.operations.penulisan.isian import (
    LABELS,
    PICTURE_NAME,
    cleaned,
    pictures,
    pictures_text,
)

MOST_TOKEN = 64  # letters


class NewItemForm(Form):
    """Where a new draft belongs."""

    domain = SelectField("Domain kisi-kisi", validators=[InputRequired()])

    def offer(self, domains: list[str]) -> None:
        """List the domains to choose from."""
        self.domain.choices = [(path, domain_label(path)) for path in domains]


@dataclass(frozen=True)
class Sent:
    """What the editor sent.

    fields : see `web.operations.penulisan.isian`. base : the version begun from, 0 for a new item;
        None where it cannot be read. token : of this sending; empty where there is none.
    """

    fields: dict[str, str]
    base: int | None
    token: str


def read_editor(form: MultiDict[str, str]) -> Sent:
    """Read the editor's form, complete or not."""
    fields = {name: form.get(name, "") for name in LABELS}
    fields["kunci"] = "".join(sorted(form.getlist("kunci")))
    fields["gambar"] = _pictures(form)
    base = form.get("dasar", "0").strip()
    is_number = base.isascii() and base.isdigit() and len(base) < 10
    return Sent(
        fields=cleaned(_chosen(form, fields)),
        base=int(base) if is_number else None,
        token=form.get("kiriman", "")[:MOST_TOKEN],
    )


def _pictures(form: MultiDict[str, str]) -> str:
    """The pictures that stay, with the alt texts as they read now."""
    known = pictures({"gambar": form.get("gambar", "")})
    dropped = set(form.getlist("hapus_gambar"))
    kept = {
        name: {**figure, "alt": form.get(f"alt_{name}", figure["alt"]).strip()}
        for name, figure in known.items()
        if name not in dropped and PICTURE_NAME.fullmatch(name)
    }
    return pictures_text(kept)


def _chosen(form: MultiDict[str, str], fields: dict[str, str]) -> dict[str, str]:
    """The fields after a merge: of a conflict the side that was chosen."""
    chosen = dict(fields)
    for name in LABELS:
        side = form.get(f"pilih_{name}")
        if side in ("saya", "mereka"):
            chosen[name] = form.get(f"{side}_{name}", "")
    return chosen
