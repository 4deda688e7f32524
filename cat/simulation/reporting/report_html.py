"""A study as one self-contained HTML page that explains itself to people who are not experts.

How to call it, from a finished study:

    facts = PartFacts(part="tiu", title="TIU", codes=..., domains=..., truth="true")
    measures = measure(facts, [PartResults(theta_hat=..., se=..., items=..., theta=...)])
    context = StudyContext(pool="tkd-2024", pool_digest=..., persons=10_000, seed=1, people=...)
    write_report(path, "Studi TKD", context, [measures])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cat.errors import BadInput
from cat.simulation.measuring.measures import PartMeasures
from cat.simulation.reporting import numerals, report_words
from cat.simulation.reporting.report_part import part_view
from cat.simulation.reporting.verdicts import BANDS, Level, reliability_of, verdicts

_TEMPLATES = Path(__file__).parent / "templates"
_SIGNS = {"GOOD": "✓", "CARE": "!", "POOR": "✕"}


@dataclass(frozen=True)
class StudyContext:
    """The descriptive facts of a study; all texts Indonesian, as the reader sees them.

    pool, pool_digest : name of the pool and its SHA-256, hexadecimal.
    persons, seed : how many simulees or people, and the seed of all randomness.
    people : one phrase on who they are: "kemampuan normal (0, 1), korelasi antarbagian 0,5".
    is_post_hoc : whether answers of real people were replayed instead of simulated.
    policy : what readers should know of the policy, label -> text, such as
        {"Pemilihan soal": "informasi maksimum", "Kendali paparan": "undian 5 soal terbaik"}.
    notes : warnings that readers must see first, such as uncalibrated parameters.
    technical : criteria and parameters for the appendix, label -> text.
    versions : program -> version.
    seconds : computing time of the study; leave out where two runs must give the same bytes.
    """

    pool: str
    pool_digest: str
    persons: int
    seed: int
    people: str
    is_post_hoc: bool = False
    policy: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    technical: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    seconds: float | None = None


def write_report(
    path: Path, title: str, context: StudyContext, measures: Sequence[PartMeasures]
) -> None:
    """Write the page of a study to `path`; the same arguments give the same bytes.

    title : heading of the page. measures : the parts in the order of the test, one or more.

    Raises BadInput when there is no part.
    """
    path.write_text(render_report(title, context, measures), encoding="utf-8", newline="\n")


def render_report(title: str, context: StudyContext, measures: Sequence[PartMeasures]) -> str:
    """The page as text; see `write_report`."""
    if not measures:
        raise BadInput("a report needs at least one part; got none")
    page = _environment().get_template("report.html")
    return page.render(
        title=title,
        context=context,
        opening=_opening(context, measures),
        summary=_summary(measures),
        study_facts=_study_facts(context),
        parts=[part_view(each, f"bagian-{n}") for n, each in enumerate(measures, start=1)],
        signs=_SIGNS,
        glossary=report_words.GLOSSARY,
        formulas=report_words.FORMULAS,
        bands=[band.rule() for band in BANDS],
        technical=_technical(context, measures),
        versions=list(context.versions.items()),
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for filter_ in (numerals.angka, numerals.persen, numerals.ketelitian, numerals.domain):
        environment.filters[filter_.__name__] = filter_
    return environment


def _opening(context: StudyContext, measures: Sequence[PartMeasures]) -> str:
    persons = numerals.angka(context.persons)
    parts = "satu bagian" if len(measures) == 1 else f"{len(measures)} bagian"
    if context.is_post_hoc:
        who = f"Jawaban {persons} orang nyata diputar ulang melalui tes adaptif dengan {parts}"
    else:
        who = f"Komputer memerankan {persons} peserta tes adaptif dengan {parts}"
    if any(each.truth != "none" for each in measures):
        who += ", lalu hasil mereka dibandingkan dengan yang seharusnya"
    return (
        f"{who}. Laporan ini menjawab: seberapa tepat tes mengukur, seberapa rahasia soalnya,"
        " dan apakah kisi-kisi selalu dipenuhi."
    )


def _study_facts(context: StudyContext) -> list[tuple[str, str]]:
    who = "Orang (data nyata)" if context.is_post_hoc else "Peserta simulasi"
    return [
        ("Pool soal", context.pool),
        (who, f"{numerals.angka(context.persons)} orang; {context.people}"),
        *context.policy.items(),
        ("Benih", str(context.seed)),
    ]


def _technical(context: StudyContext, measures: Sequence[PartMeasures]) -> list[tuple[str, str]]:
    rows = [
        ("Sidik pool (SHA-256)", context.pool_digest),
        ("Benih", str(context.seed)),
        *context.technical.items(),
    ]
    if context.seconds is not None:
        rows.append(("Waktu hitung", f"{numerals.angka(context.seconds, 1)} detik"))
    for each in measures:
        if each.step_time is not None:
            rows.append((f"Waktu satu langkah, {each.part.upper()}", report_words.step_time(each)))
    return rows


def _summary(measures: Sequence[PartMeasures]) -> list[tuple[str, list[str]]]:
    rows = [report_words.summary(each, reliability_of(each)) for each in measures]
    table = [
        (label, [row[label] for row in rows])
        for label in rows[0]
        if any(row[label] != numerals.NOTHING for row in rows)
    ]
    for level in (Level.GOOD, Level.CARE, Level.POOR):
        counts = [sum(v.level is level for v in verdicts(each)) for each in measures]
        table.append((f"Penilaian: {level.value.lower()}", [str(n) for n in counts]))
    return table
