"""Calibrate every real answer set of ../shared/data and set it beside published estimates."""

from __future__ import annotations

from pathlib import Path

import click

from bench import real_dichotomous, real_groups, real_ordered, real_sets
from bench.real_tables import published

_DOCUMENT = Path("docs/kalibrasi/data-nyata.md")
_OPENING = """# Kalibrasi data nyata

Halaman ini dibuat oleh `python -m bench.calibration_real`; jangan disunting dengan tangan. Setiap
himpunan jawaban dikalibrasi dengan setelan bawaan (61 titik, prior normal pada logit c untuk 3PL,
toleransi 1e-5), lalu dibandingkan dengan taksiran yang diterbitkan. Angka terbit dan sumbernya
tersimpan di `nilai-terbit.toml`; yang dikutip dari ingatan atau tidak ditemukan dinyatakan
demikian. Bila tidak ada terbitan, pembandingnya program lain atas data yang sama. Metrik logistik,
D = 1; d adalah intersep (logit = a θ + d), b = −d / a. Asal setiap himpunan data dijelaskan pada
bagian terakhir."""
_ORIGINS = """## Asal data

| himpunan | asal |
|---|---|
| LSAT6, LSAT7 | Bock & Lieberman (1970), Psychometrika 35, 179-197 |
| de Ayala | de Ayala (2009), The Theory and Practice of Item Response Theory, hlm. 14 |
| SAT12 | Wood et al. (2003), manual TESTFACT 4 |
| ICAR16 | Condon & Revelle (2014), Intelligence 43, 52-64 |
| Mobility | Huq & Cleland (1990), Bangladesh Fertility Survey 1989; Bartholomew et al. (2002) |
| Science | Eurobarometer 38.1 (1992), Karlheinz & Melich; Bartholomew et al. (2002) |
| BFI | proyek SAPA 2010; butir IPIP, Goldberg (1999) |
| VerbAgg | De Boeck & Wilson (2004), Explanatory Item Response Models |
| FIMS | First International Mathematics Study, Australia dan Jepang |
| TIMSS 2007, PIRLS 2011 | IEA |
| Kolen & Brennan | Kolen & Brennan (2004), Test Equating, Scaling, and Linking, tabel 6.5 |
"""


def document() -> str:
    """The whole page."""
    terbit = published()
    made = [
        *real_dichotomous.sections(terbit),
        *real_ordered.sections(terbit),
        *real_groups.sections(terbit),
    ]
    return "\n\n".join([_OPENING, *(section.text() for section in made), _ORIGINS])


@click.command(help=__doc__)
@click.option("--write", is_flag=True, help=f"also replace {_DOCUMENT}")
@click.option("--out", type=click.Path(path_type=Path), default=Path("out/kalibrasi-data-nyata.md"))
def main(write: bool, out: Path) -> None:
    if not real_sets.is_here():
        raise click.ClickException(f"the answer sets are not in {real_sets.DATA}")
    text = document()
    for path in (out, *([_DOCUMENT] if write else [])):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        click.echo(f"wrote {path}", err=True)
    click.echo(text)


if __name__ == "__main__":
    main()
