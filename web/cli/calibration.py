"""catcpns item calibrate: parameters from a file of answers, by our own engine or by girth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from cat.errors import BadInput
from web.cli import calibration_girth as girth

if TYPE_CHECKING:
    from cat.calibration.answers import Answers
    from cat.calibration.estimates import Calibrated
    from cat.calibration.spec import Normal, Priors, Quadrature

NO_PRIOR = "none"
MODELS = ("rasch", "1pl", "2pl", "3pl", "grm", "pcm", "gpcm")
WIDTH = 120
File = click.Path(exists=True, dir_okay=False, path_type=Path)


class ModelOrList(click.ParamType):
    """The name of a model, or a file that names one for each item."""

    name = "MODEL|BERKAS"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The same text; misuse unless it is a model or a file that is there."""
        if value not in MODELS and not Path(value).is_file():
            self.fail(f"{value!r} bukan {', '.join(MODELS)}, bukan pula berkas yang ada", param)
        return value


class PriorText(click.ParamType):
    """MEAN,SD of a normal prior, or none."""

    name = "RATA,SB|none"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Normal | str:
        """The prior, or the word none; misuse unless there are two numbers, the second above 0."""
        from cat.calibration.spec import Normal

        if value == NO_PRIOR:
            return value
        try:
            mean, sd = map(float, value.split(","))
            return Normal(mean, sd)
        except ValueError:  # BadInput is one too
            self.fail(f"{value!r} bukan dua bilangan RATA,SB dengan SB > 0, bukan pula none", param)


@click.command("calibrate")
@click.argument("answers", type=File)
@click.option(
    "--engine",
    type=click.Choice(["em", "girth"]),
    default="em",
    show_default=True,
    help="em: mesin sendiri, juga untuk data berlubang. girth: pembanding, data lengkap saja.",
)
@click.option(
    "--model",
    type=ModelOrList(),
    default="2pl",
    show_default=True,
    help=f"Satu model untuk semua butir ({', '.join(MODELS)}), atau CSV berkolom item,model.",
)
@click.option("--grid-nodes", type=click.IntRange(11, 2001), help="Banyak titik kisi tetap. [61]")
@click.option("--grid-range", type=float, nargs=2, help="Ujung kisi tetap, logit. [-6 6]")
@click.option("--prior-c", type=PriorText(), help="Prior normal pada logit c. [-1.386,0.5]")
@click.option("--prior-a", type=PriorText(), help="Prior normal pada log a. [none]")
@click.option("--prior-b", type=PriorText(), help="Prior normal pada b. [none]")
@click.option("--prior-d", type=PriorText(), help="Prior normal pada intersep. [none]")
@click.option("--groups", metavar="KOLOM", help="Kolom kelompok; yang pertama memberi skala.")
@click.option("--weights", metavar="KOLOM", help="Kolom bobot: banyaknya orang yang diwakili.")
@click.option("--person", metavar="KOLOM", help="Kolom nama peserta, pada tabel lebar.")
@click.option("--leave-out", metavar="KOLOM", multiple=True, help="Kolom yang bukan butir.")
@click.option("--missing", metavar="NILAI", multiple=True, help="Tanda tak dijawab. [kosong NA -1]")
@click.option("--lowest", type=int, default=0, show_default=True, help="Kategori terendah.")
@click.option("--fixed", type=File, help="CSV butir jangkar: item,a,b atau b1,b2,...[,c][,model].")
@click.option(
    "--se",
    type=click.Choice(["oakes", "crossprod", "sandwich", "none"]),
    default="oakes",
    show_default=True,
    help="Cara menaksir galat baku.",
)
@click.option("--tolerance", type=float, default=1e-5, show_default=True, help="Langkah terkecil.")
@click.option("--max-cycles", type=int, default=1000, show_default=True, help="Siklus terbanyak.")
@click.option(
    "--json", "out", type=click.Path(dir_okay=False, path_type=Path), help="Tulis semuanya di sini."
)
def calibrate(answers: Path, engine: str, out: Path | None, **options: object) -> None:
    """Taksir parameter butir dari berkas jawaban ANSWERS (CSV atau Parquet).

    Lebar: satu baris per peserta, satu kolom per butir, sudah diskor; kolom cov_* diabaikan.
    Panjang: kolom person, item, category. Sel kosong berarti tidak disajikan. Hasilnya usulan;
    bank soal tidak berubah.
    """
    try:
        if engine == "girth":
            girth.run(answers, _only_model(options, out))
        else:
            _run(answers, out, options)
    except BadInput as error:
        from web.operations.kalibrasi import kata

        raise click.ClickException(f"{answers}: {kata.refusal(error)}") from error


def _only_model(options: dict[str, object], out: Path | None) -> str:
    """The model for girth, which knows no other option."""
    context = click.get_current_context()
    given = context.get_parameter_source
    for name in ("out", *options):
        is_given = given(name) is not click.core.ParameterSource.DEFAULT
        if name != "model" and is_given and (name != "out" or out):
            raise click.UsageError(
                f"--{'json' if name == 'out' else name}: hanya untuk --engine em"
            )
    model = {"pcm": "pcm", "gpcm": "pcm", "2pl": "2pl"}.get(str(options["model"]))
    if model is None:
        raise click.UsageError("--engine girth menerima --model 2pl atau gpcm")
    return model


def _run(path: Path, out: Path | None, options: dict[str, object]) -> None:
    # Imported here, for other commands and the web start without it.
    from cat.calibration.em import calibrate as estimate
    from web.cli import calibration_tables as tables
    from web.operations.kalibrasi import daftar_butir
    from web.operations.kalibrasi.dokumen import as_document

    if out is not None and out.exists():
        raise click.ClickException(f"{out} sudah ada; hapus dulu atau pilih nama lain")
    given = _answers(path, options)
    word, fixed = str(options["model"]), options["fixed"]
    found: Calibrated = estimate(
        given,
        word if word in MODELS else daftar_butir.read_models(Path(word)),
        priors=_priors(options),
        fixed=daftar_butir.read_anchors(Path(str(fixed))) if fixed else (),
        quadrature=_grid(options),
        tolerance=float(str(options["tolerance"])),
        max_cycles=int(str(options["max_cycles"])),
        standard_errors=str(options["se"]),
    )
    if out is not None:
        _write(out, json.dumps(as_document(found), ensure_ascii=False, indent=1) + "\n")
    console = Console(width=WIDTH)
    console.print(tables.items(found))
    console.print(tables.groups(found))
    click.echo(tables.summary(found), err=True)


def _answers(path: Path, options: dict[str, object]) -> Answers:
    from cat.calibration.answer_data import MISSING, FileShape
    from cat.calibration.answers import ONE_GROUP
    from web.operations.kalibrasi.berkas import read_file

    shape = FileShape(
        group=options["groups"],
        weight=options["weights"],
        person=options["person"],
        missing=options["missing"] or MISSING,
        lowest=options["lowest"],
        left_out=options["leave_out"],
    )
    found = read_file(path, shape)
    if shape.group and found.groups == ONE_GROUP:
        raise BadInput("pada berkas panjang kolom kelompok harus bernama group", rule="list")
    return found


def _grid(options: dict[str, object]) -> Quadrature | None:
    from cat.calibration.spec import fixed_grid

    nodes, ends = options["grid_nodes"], options["grid_range"]
    if not nodes and not ends:
        return None
    return fixed_grid(nodes or 61, *(ends or (-6.0, 6.0)))


def _priors(options: dict[str, object]) -> Priors:
    from cat.calibration.spec import Priors

    names = {"logit_c": "prior_c", "log_a": "prior_a", "b": "prior_b", "d": "prior_d"}
    given = {name: options[option] for name, option in names.items() if options[option]}
    return Priors(**{name: None if prior == NO_PRIOR else prior for name, prior in given.items()})


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{out}: tidak dapat ditulis ({error.strerror})") from error
