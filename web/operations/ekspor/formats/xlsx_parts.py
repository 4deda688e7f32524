"""The small files of a workbook around its rows."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from web.operations.ekspor.columns import Column, Kind

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_WIDTHS = {Kind.TEXT: 22, Kind.DAY: 12, Kind.MOMENT: 20}
_OTHER_WIDTH = 14
SHEET_TAIL = b"</sheetData></worksheet>"

# Cell styles by number: 0 plain, 1 bold (header), 2 a day, 3 a moment.
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="dd\\-mm\\-yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd\\-mm\\-yyyy\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>"
)


def letters(place: int) -> str:
    """Name of the column at a place from 0: A, B, ..., Z, AA, ..."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def sheet_path(number: int) -> str:
    """Where the sheet of this number, from 1, lies in the workbook."""
    return f"xl/worksheets/sheet{number}.xml"


def sheet_head(columns: Sequence[Column]) -> bytes:
    """A sheet up to its first row of data: widths, a header that stays in view."""
    widths = [_WIDTHS.get(column.kind, _OTHER_WIDTH) for column in columns]
    return (_sheet_start(widths) + _row(1, [column.name for column in columns], style=1)).encode()


def explanation(columns: Sequence[Column]) -> bytes:
    """The whole sheet that says what each column means."""
    rows = [(c.name, str(c.kind), c.unit, c.meaning) for c in columns]
    lines = [_row(number, row) for number, row in enumerate(rows, start=2)]
    head = _row(1, ("kolom", "tipe", "satuan", "arti"), style=1)
    return (_sheet_start([26, 18, 18, 100]) + head + "".join(lines)).encode() + SHEET_TAIL


def frame_files(names: Sequence[str]) -> dict[str, str]:
    """Everything but the sheets. names : of the sheets, in order."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, names, strict=True)
    )
    links = [(f"worksheets/sheet{n}.xml", "worksheet") for n in numbers] + [
        ("styles.xml", "styles")
    ]
    kinds = [(f"/{sheet_path(n)}", "worksheet") for n in numbers]
    kinds += [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    overrides = "".join(
        f'<Override PartName="{path}" ContentType="{_TYPES}.{kind}+xml"/>' for path, kind in kinds
    )
    return {
        "xl/styles.xml": _STYLES,
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}">'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _links(links),
        "_rels/.rels": _links([("xl/workbook.xml", "officeDocument")]),
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
    }


def _links(targets: Sequence[tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_DOCUMENT}/{kind}" Target="{target}"/>'
        for n, (target, kind) in enumerate(targets, start=1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _sheet_start(widths: Sequence[int]) -> str:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(widths, start=1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
    )


def _row(number: int, cells: Sequence[str], style: int = 0) -> str:
    said = "".join(
        f'<c r="{letters(place)}{number}" s="{style}" t="inlineStr">'
        f"<is><t>{escape(cell)}</t></is></c>"
        for place, cell in enumerate(cells)
    )
    return f'<row r="{number}">{said}</row>'
