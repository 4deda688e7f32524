"""From what a file says of an item to what the bank would store, or to why it may not enter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cat.errors import BadItem
from cat.itembank.content import ItemContent, problems
from cat.itembank.exchange.codes import Bank, Names
from cat.itembank.exchange.report import CannotKeep, ItemReport, Loss, gathered
from cat.itembank.figures import is_uploaded, read_uploaded
from cat.itembank.pictures import Picture, checked_picture
from cat.itembank.rendering import render

NO_RATIONALE = "Belum ditulis."
_DOMAIN = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


@dataclass
class Draft:
    """An item on its way in, under the codes of its file. used : paths of files it consists of."""

    place: str
    identifier: str
    content: ItemContent | None = None
    losses: list[Loss] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


def check(draft: Draft, bank: Bank) -> None:
    """Note everything that keeps the draft out of the bank."""
    content = draft.content
    if content is None:
        return
    if not content.rationale.strip():
        content = replace(content, rationale=NO_RATIONALE)
        draft.content = content
        draft.losses.append(Loss(draft.place, "rasional", "tidak ada dalam berkas; harus ditulis"))
    draft.refusals += _domain_problems(content.domain, bank)
    # A code that is missing is given later, so its absence is no problem here.
    named = replace(content, code=content.code or draft.place)
    draft.refusals += [str(problem) for problem in problems(named)]
    try:
        render(content)
        draft.refusals += _picture_problems(content, draft.pictures, bank)
    except BadItem as error:
        draft.refusals.append(str(error))


def name_all(drafts: list[Draft], bank: Bank) -> None:
    """Give codes to all items that may enter, and let enemies follow items that were renamed."""
    names, renamed = Names(bank), dict[str, str]()
    entering = [draft for draft in drafts if draft.content is not None and not draft.refusals]
    for draft in entering:
        content = draft.content
        assert content is not None
        code = names.code(content.code, content.domain)
        if content.code and code != content.code:
            why = "sudah dipakai atau tidak sah sebagai kode"
            draft.losses.append(Loss(draft.place, f"kode {content.code}", f"{why}; menjadi {code}"))
        # Of two items with the same name, enemies mean the first.
        renamed.setdefault(content.code, code)
        shared = ""
        if content.stimulus:
            shared = names.stimulus(content.stimulus, content.stimulus_text)
            if shared != content.stimulus:
                what = f"kode stimulus {content.stimulus}"
                draft.losses.append(Loss(draft.place, what, f"menjadi {shared}"))
        draft.content = replace(content, code=code, stimulus=shared)
    parts = {draft.content.code: draft.content.part for draft in entering if draft.content}
    for draft in entering:
        _settle_enemies(draft, renamed, parts, bank)


def _settle_enemies(
    draft: Draft, renamed: Mapping[str, str], parts: Mapping[str, str], bank: Bank
) -> None:
    content = draft.content
    assert content is not None
    kept = []
    for given in content.enemies:
        code = renamed.get(given, given)
        part = parts.get(code) or (bank.domain_of(code) or "").partition(".")[0]
        if part == content.part and code != content.code:
            kept.append(code)
        else:
            why = "berbeda bagian" if part else "tidak ada di bank dan tidak ada di berkas"
            draft.losses.append(Loss(draft.place, f"seteru {given}", f"{why}; dibuang"))
    draft.content = replace(content, enemies=tuple(kept))


def report_of(draft: Draft) -> ItemReport:
    """The report of a draft that was checked and named."""
    accepted = draft.content if not draft.refusals else None
    return ItemReport(
        place=draft.place,
        identifier=draft.identifier,
        code=accepted.code if accepted else "",
        content=accepted,
        losses=gathered(draft.losses),
        refusals=tuple(draft.refusals),
        pictures=tuple(sorted(draft.pictures)),
    )


def own_pictures(content: ItemContent, files: Mapping[str, bytes]) -> dict[str, Picture]:
    """The stored pictures that a content of ours names, read from the file that it came in.

    Raises CannotKeep for one whose bytes are not what its name says.
    """
    found = {}
    for figure in content.figures.values():
        if not is_uploaded(figure):
            continue
        name = read_uploaded(figure).name
        if (path := f"gambar/{name}") in files:
            picture = checked_picture(files[path])
            if picture.name != name:
                raise CannotKeep(f"{path}: isi gambar tidak sesuai dengan namanya")
            found[name] = picture
    return found


def _domain_problems(domain: str, bank: Bank) -> list[str]:
    if not domain:
        return ["domain kisi-kisi belum ditentukan; pilih domain bagi berkas ini"]
    if not _DOMAIN.fullmatch(domain) or (bank.domains and domain not in bank.domains):
        return [f"domain {domain[:60]!r} tidak ada dalam kisi-kisi"]
    return []


def _picture_problems(
    content: ItemContent, pictures: Mapping[str, Picture], bank: Bank
) -> list[str]:
    wanted = {
        read_uploaded(figure).name for figure in content.figures.values() if is_uploaded(figure)
    }
    missing = sorted(name for name in wanted - set(pictures) if not bank.has_picture(name))
    return [f"gambar {name} tidak ada di berkas maupun di bank" for name in missing]
