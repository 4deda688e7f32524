"""One file of any known kind, read without writing anything: what it would bring into the bank."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from cat.errors import BadItem, FileRefused
from cat.itembank.content import ItemContent
from cat.itembank.exchange.archive import MOST_FILE_BYTES, Archive, is_zip
from cat.itembank.exchange.building import Draft, check, name_all, own_pictures, report_of
from cat.itembank.exchange.codes import Bank
from cat.itembank.exchange.note import read_note, start_parameters
from cat.itembank.exchange.qti.item import ParsedItem, read_item, shows_the_same
from cat.itembank.exchange.qti.package import MANIFEST, Entry, read_package, refuse_version
from cat.itembank.exchange.qti.pictures import inside
from cat.itembank.exchange.qti.writing import write_item, write_stimulus
from cat.itembank.exchange.report import Batch, CannotKeep, Loss, gathered
from cat.itembank.exchange.spreadsheet.reading import is_workbook, read_sheet_file
from cat.itembank.exchange.xml import Node, local, namespace, parse
from cat.itembank.rendering import render

MOST_ITEMS = 2_000


def read_file(name: str, data: bytes, *, domain: str = "", bank: Bank | None = None) -> Batch:
    """What a file would bring: XLSX, CSV, a ZIP of either with pictures, QTI XML or a QTI package.

    name : file name as its owner knows it. domain : of items whose file names none; "" if unknown.

    Raises FileRefused, in the words of the reader, for a file that is not read at all. An item
    that cannot enter does not stop the others; its report says why.
    """
    bank = bank or Bank()
    if not data:
        raise FileRefused("Berkas kosong.")
    if len(data) > MOST_FILE_BYTES:
        raise FileRefused(f"Berkas terlalu besar: paling banyak {MOST_FILE_BYTES >> 20} MB.")
    losses: list[Loss] = []
    drafts = _drafts(name, data, domain, losses)
    if len(drafts) > MOST_ITEMS:
        raise FileRefused(f"{len(drafts)} butir; paling banyak {MOST_ITEMS} dalam satu berkas.")
    for draft in drafts:
        check(draft, bank)
    name_all(drafts, bank)
    items = tuple(report_of(draft) for draft in drafts)
    wanted = {each for item in items if item.content for each in item.pictures}
    pictures = {
        key: (picture.media_type, picture.body)
        for draft in drafts
        for key, picture in draft.pictures.items()
        if key in wanted
    }
    return Batch(name, hashlib.sha256(data).hexdigest(), items, gathered(losses), pictures)


def _drafts(name: str, data: bytes, domain: str, losses: list[Loss]) -> list[Draft]:
    if is_zip(data) and not is_workbook(data):
        files = Archive(data, allow_nested=False)
        if MANIFEST in files or not any(path.lower().endswith((".xlsx", ".csv")) for path in files):
            return _package(files, domain, name, losses)
        return _sheet_with_pictures(Archive(data, allow_nested=True), domain, losses)
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<") or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return [_single(name, data, domain)]
    return read_sheet_file(name, data, domain, {}, losses)


def _sheet_with_pictures(
    files: Mapping[str, bytes], domain: str, losses: list[Loss]
) -> list[Draft]:
    sheets = [path for path in files if path.lower().endswith((".xlsx", ".csv"))]
    if len(sheets) != 1:
        raise FileRefused(f"ZIP ini memuat {len(sheets)} lembar; perlu tepat satu XLSX atau CSV.")
    pictures = {path: files[path] for path in files if path not in sheets}
    if nested := [path for path, body in pictures.items() if is_zip(body)]:
        raise FileRefused(f"{nested[0]!r}: ZIP di dalam ZIP tidak diterima.")
    drafts = read_sheet_file(sheets[0], files[sheets[0]], domain, pictures, losses)
    used = {path for draft in drafts for path in draft.used}
    losses += [_unused(path) for path in sorted(set(pictures) - used)]
    return drafts


def _single(name: str, data: bytes, domain: str) -> Draft:
    root = parse(data, name)
    if local(root) == "manifest" and "imscp" in namespace(root):
        raise FileRefused("Manifes saja tidak cukup: unggah paketnya sebagai ZIP.")
    return _qti(Entry(name, ""), {name: data}, domain, name)


def _package(
    files: Mapping[str, bytes], domain: str, file_name: str, losses: list[Loss]
) -> list[Draft]:
    package = read_package(files)
    drafts = [_qti(entry, files, domain, file_name) for entry in package.entries]
    used = {MANIFEST, *(path for draft in drafts for path in draft.used)}
    # What only a refused item needs is no loss of its own: the item is named already.
    needed = set(package.named) if any(draft.refusals for draft in drafts) else set()
    losses += package.losses
    losses += [_unused(path) for path in sorted(set(files) - used - needed)]
    return drafts


def _qti(entry: Entry, files: Mapping[str, bytes], domain: str, file_name: str) -> Draft:
    draft = Draft(entry.path or MANIFEST, entry.identifier, used={entry.path, entry.note})
    try:
        if entry.path not in files:
            raise CannotKeep(f"berkas butir {entry.path!r} tidak ada di dalam paket")
        root = parse(files[entry.path], entry.path)
        refuse_version(root)
        draft.identifier = root.get("identifier", "") or entry.identifier
        note = read_note(files[entry.note], entry.note) if entry.note in files else None
        if note is not None and _is_ours(note, root, entry, files):
            draft.pictures = own_pictures(note, files)
            draft.content = note
            draft.used |= _referred(root, entry.path, files)
            draft.used |= {f"gambar/{name}" for name in draft.pictures}
            return draft
        _from_xml(draft, root, files, note, domain, file_name)
    except (BadItem, FileRefused) as error:
        draft.refusals.append(str(error))
    return draft


def _is_ours(note: ItemContent, root: Node, entry: Entry, files: Mapping[str, bytes]) -> bool:
    """Whether writing the note again gives the very files that stand beside it."""
    try:
        refs = [n.get("href", "") for n in root if local(n) == "qti-assessment-stimulus-ref"]
        href = refs[0] if refs else ""
        if bool(href) != bool(note.stimulus):
            return False
        if write_item(note, stimulus_href=href).xml != files[entry.path]:
            return False
        return not href or files.get(inside(entry.path, href)) == write_stimulus(note).xml
    except BadItem:
        return False


def _referred(root: Node, path: str, files: Mapping[str, bytes]) -> set[str]:
    """Pictures and shared texts that a document of ours points to."""
    found: set[str] = set()
    for node in root.iter():
        name = local(node)
        if name in ("img", "qti-assessment-stimulus-ref"):
            at = inside(path, node.get("src") or node.get("href", ""))
            found.add(at)
            if name != "img":
                found |= _referred(parse(files[at], at), at, files)
    return found


def _from_xml(
    draft: Draft,
    root: Node,
    files: Mapping[str, bytes],
    note: ItemContent | None,
    domain: str,
    file_name: str,
) -> None:
    domain = note.domain if note else domain
    if not domain:
        raise CannotKeep("domain kisi-kisi belum ditentukan; pilih domain bagi berkas ini")
    part = domain.partition(".")[0]
    for with_emphasis in (True, False):
        parsed = read_item(root, files, draft.place, part, with_emphasis=with_emphasis)
        content = _content(parsed, note, domain, file_name)
        shown = render(content)
        if shows_the_same(parsed, shown.stem, shown.options):
            break
    else:
        raise CannotKeep("ada teks yang berubah bila disimpan sebagai Markdown")
    draft.content, draft.pictures = content, dict(parsed.pictures)
    draft.losses += parsed.losses
    draft.used |= parsed.used
    if note is not None:
        effect = "teks, pilihan, dan nilai diambil dari XML, bukan dari catatan"
        draft.losses.append(Loss(draft.place, "XML berbeda dari catatan di sampingnya", effect))
        if note.rule:
            effect = "tidak disimpan: isi butir sudah berubah"
            draft.losses.append(Loss(draft.place, "aturan kunci dalam catatan", effect))


def _content(
    parsed: ParsedItem, note: ItemContent | None, domain: str, file_name: str
) -> ItemContent:
    shared = parsed.stimulus
    size = len(parsed.options)
    fits = note is not None and len(note.options) == size
    title = f" ({parsed.title})" if parsed.title not in ("", parsed.identifier) else ""
    return ItemContent(
        code=note.code if note else parsed.identifier,
        domain=domain,
        stem=parsed.stem,
        options=parsed.options,
        points=parsed.points,
        rationale=note.rationale if note else "",
        source=note.source if note else f"{file_name}: {parsed.identifier}{title}",
        parameters=(
            note.parameters if note and fits else start_parameters(domain.partition(".")[0], size)
        ),
        figures=dict(parsed.figures),
        stimulus=shared.identifier if shared else "",
        enemies=note.enemies if note else (),
        seconds=note.seconds if note else 0.0,
        stimulus_text=shared.text if shared else "",
        option_rationales=note.option_rationales if note and fits else (),
        indicator=note.indicator if note else "",
        language_level=note.language_level if note else "",
        parent=note.parent if note else "",
        max_choices=parsed.max_choices,
    )


def _unused(path: str) -> Loss:
    return Loss(path, "berkas", "tidak dipakai butir mana pun; tidak disimpan")
