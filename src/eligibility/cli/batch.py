"""The commands for many accounts: `batch`, `batch prepare`, `batch sql`, `batch demo`."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from typer.core import TyperGroup

from eligibility.cli.batch_summary import accounted, show, show_held_back
from eligibility.cli.definitions import DefinitionOption, definition_of, definitions_of, fitting
from eligibility.cli.options import ReadingOption, SupposeOption, supposition_of, whole_number
from eligibility.cli.stopping import BY_SIGNAL, STOPPED, stoppable
from eligibility.cli.table_options import (
    DateFormatOption,
    IgnoreColumnOption,
    IgnoreFileOption,
    NumberUnitOption,
    RenameOption,
    SeparatorOption,
    input_options,
)
from eligibility.cli.terminal import console
from eligibility.errors import EligibilityError, Problem, printable, way_to_install

if TYPE_CHECKING:
    from eligibility.batch.execute.engines import Engine
    from eligibility.batch.execute.job import Run

_INPUT_HELP: Final = (
    "A folder of tables (accounts, premium, messages, permissions; CSV, TSV or Parquet), a folder "
    "that `prepare` made, or a file of histories as JSON lines."
)
Source = Annotated[Path, typer.Argument(metavar="IN", help=_INPUT_HELP, show_default=False)]
Out = Annotated[
    Path, typer.Option("-o", "--output", metavar="OUT", help="The folder that results go to.")
]
_REJECTS: Final = 3


def _number(words: str) -> Any:
    return typer.Option(parser=whole_number, metavar="N", help=words)


class _Deciding(TyperGroup):
    """A group whose first word may be an input: then it is `decide` that is meant."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command that is not said before what is said."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["decide", *args]
        return super().parse_args(ctx, args)


batch = typer.Typer(
    name="batch",
    cls=_Deciding,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Decide about many accounts at once. `batch IN -o OUT` is short for `batch decide`.",
)


@batch.callback()
def _start() -> None:
    if not all(map(find_spec, ("polars", "sqlglot", "filelock"))):
        needed = f"eligibility: many accounts need the extra `batch`. {way_to_install('batch')}"
        typer.echo(needed, err=True)
        raise typer.Exit(2)


@batch.command()
def decide(  # noqa: PLR0913 - each is one option of the command line
    source: Source,
    output: Out,
    *,
    engine: Annotated[
        str, typer.Option(help="polars, duckdb where memory is short, or spark.")
    ] = "polars",
    definition: DefinitionOption = None,
    reading: ReadingOption = None,
    suppose: SupposeOption = None,
    survey: Annotated[
        bool, typer.Option("--survey", help="Decide by all readings, in one pass: a status each.")
    ] = False,
    reasons: Annotated[
        list[str] | None,
        typer.Option(metavar="ACCOUNT", help="Write this account's full verdict. Repeatable."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--jsonl", help="Write the verdicts as JSON lines as well.")
    ] = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Write verdicts and rejects as CSV as well.")
    ] = False,
    partitions: Annotated[int | None, _number("How many parts to cut tables into.")] = None,
    workers: Annotated[int | None, _number("How many processes read JSON lines.")] = None,
    memory_limit: Annotated[
        str | None,
        typer.Option(help="What to keep to while DuckDB decides, such as 1GB; at least 500MB."),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the normalised tables, in OUT/.eligibility-work.")
    ] = False,
    separator: SeparatorOption = None,
    date_format: DateFormatOption = None,
    number_unit: NumberUnitOption = None,
    ignore_column: IgnoreColumnOption = None,
    ignore_file: IgnoreFileOption = None,
    rename: RenameOption = None,
) -> None:
    """Decide about every account of IN, and write verdicts, rejects and attrition to OUT.

    A run that was stopped goes on where it was if it is said again. Exit status: 0 if every account
    was decided, 2 for bad usage, 3 if some were held back, rejected or contradictory, or a record
    belongs to no account (all in OUT/rejects.jsonl), or if the input cannot be read at all.
    """
    from eligibility.batch.execute.job import Run  # noqa: PLC0415 - the extra, only for who asks

    definitions = definitions_of(definition, reading, survey=survey)
    if survey and reasons:
        raise typer.BadParameter("--reasons gives reasons by one reading: leave --survey out.")
    options = input_options(
        separator=separator,
        date_format=date_format,
        number_unit=number_unit,
        ignore_column=ignore_column,
        ignore_file=ignore_file,
        rename=rename,
    )
    with _saying_problems(status=2):
        chosen_engine = _engine(engine, memory_limit)
    with _saying_problems(), _progress() as progress:
        run = Run(
            source=_existing(source),
            out=output,
            definitions=definitions,
            run=chosen_engine,
            engine=engine,
            supposing=fitting(supposition_of(suppose), definitions[0]),
            options=options,
            partitions=partitions,
            workers=workers,
            progress=progress,
        )
        with run.holding():
            counts = run.go()
            _write_beside(run, reasons or [], as_json=as_json, as_csv=as_csv)
            if not keep:
                run.clear()
    show(run, counts)
    raise typer.Exit(0 if counts.all_decided else _REJECTS)


@batch.command()
def prepare(  # noqa: PLR0913 - each is one option of the command line
    source: Source,
    output: Out,
    *,
    definition: DefinitionOption = None,
    partitions: Annotated[int | None, _number("How many parts to cut the tables into.")] = None,
    separator: SeparatorOption = None,
    date_format: DateFormatOption = None,
    number_unit: NumberUnitOption = None,
    ignore_column: IgnoreColumnOption = None,
    ignore_file: IgnoreFileOption = None,
    rename: RenameOption = None,
) -> None:
    """Normalise the tables of IN once, so that each decision about them is quick.

    Exit status: 0 if every account fits, 3 if some do not (OUT/part-*/rejects.jsonl), or if the
    input cannot be read at all.
    """
    from eligibility.batch.tables.parts import prepare_to  # noqa: PLC0415 - the extra, only for who asks

    options = input_options(
        separator=separator,
        date_format=date_format,
        number_unit=number_unit,
        ignore_column=ignore_column,
        ignore_file=ignore_file,
        rename=rename,
    )
    with _saying_problems(), _progress() as progress:
        made = prepare_to(
            _existing(source),
            output,
            definition_of(definition, None).model,
            options=options,
            partitions=partitions,
            progress=partial(progress, "normalising"),
        )
    counts = made.counts
    console().print(accounted(counts, "normalised"))
    show_held_back(counts, [part / "rejects.jsonl" for part in made.parts])
    raise typer.Exit(0 if counts.all_decided else _REJECTS)


@batch.command()
def sql(
    *,
    dialect: Annotated[
        str, typer.Option(help="Whose SQL: duckdb, postgres, spark or sqlite.")
    ] = "duckdb",
    definition: DefinitionOption = None,
    reading: ReadingOption = None,
    suppose: SupposeOption = None,
) -> None:
    """Print the SQL statement that decides, with the words of the clauses as comments.

    The text for each dialect is run on its engine in the tests. Exit status: 2 for bad usage.
    """
    from eligibility.batch.sql.statement import statement  # noqa: PLC0415 - the extra, only for who asks

    with _saying_problems(status=2):
        chosen = definition_of(definition, reading)
        supposing = fitting(supposition_of(suppose), chosen)
        text = statement(chosen, dialect=dialect, supposing=supposing)
    typer.echo(text.encode())


@batch.command()
def demo(
    *,
    accounts: Annotated[int, _number("How many fictional accounts.")] = 1_000_000,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="OUT", help="The folder for it all.")
    ] = Path("eligibility-demo"),
    seed: Annotated[int, typer.Option(help="Another seed, another population.")] = 20240918,
    engine: Annotated[str, typer.Option(help="polars or duckdb.")] = "polars",
) -> None:
    """Make a fictional population, with all that real data has wrong with it, and decide it."""
    from eligibility.batch.demo.files import write_population  # noqa: PLC0415 - the extra
    from eligibility.batch.state.run_folder import held  # noqa: PLC0415 - the extra

    with _saying_problems(), held(output, lambda: {"demo": accounts, "seed": seed}) as folder:
        folder.note("tables", "decided")
        if not folder.has("tables"):
            with folder.piece("tables") as made:
                write_population(made, accounts, seed=seed)
        folder.clear()
    decide(output / "tables", output / "decided", engine=engine)


def _existing(source: Path) -> Path:
    if not source.exists():
        raise typer.BadParameter(f"There is no `{printable(str(source))}`.", param_hint="IN")
    return source


def _engine(name: str, memory_limit: str | None) -> "Engine":
    from eligibility.batch.execute import engines  # noqa: PLC0415 - the extra, only for who asks

    found = engines.engine_named(name)
    if memory_limit is None:
        return found
    if name != "duckdb":
        raise typer.BadParameter("--memory-limit is about DuckDB: say --engine duckdb.")
    engines.memory_of(memory_limit)
    return partial(engines.duckdb_to, memory_limit=memory_limit)


@contextmanager
def _saying_problems(status: int = _REJECTS) -> Iterator[None]:
    """Say all that is wrong, one problem on a line, and leave with a status."""
    from polars.exceptions import PanicException, PolarsError  # noqa: PLC0415 - the extra

    try:
        with stoppable():
            yield
    except EligibilityError as error:
        problems = error.problems
    except (OSError, PolarsError, PanicException) as error:
        words = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        name = Path(getattr(error, "filename", None) or "").name
        hint = "What is finished is kept: mend this, and run the same command again."
        problems = (Problem("cut-short", name, f"The run was cut short: {words}.", hint),)
    except KeyboardInterrupt as error:  # `Stopped`, or a library's own
        status = BY_SIGNAL + getattr(error, "number", signal.SIGINT)
        problems = (STOPPED,)
    else:
        return
    for problem in problems:
        typer.echo(f"eligibility: {problem}", err=True)
    raise typer.Exit(status)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal's standard error; nothing elsewhere."""
    if not sys.stderr.isatty():  # a progress that is disabled writes line breaks
        yield lambda _what, _done, _of: None
        return
    tasks: dict[str, Any] = {}

    def tell(what: str, done: int, of: int) -> None:
        if what not in tasks:
            tasks[what] = shown.add_task(what, total=of)
        shown.update(tasks[what], completed=done, total=of)

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=console(stderr=True),
        transient=True,
    ) as shown:
        yield tell


def _write_beside(run: "Run", reasons: list[str], *, as_json: bool, as_csv: bool) -> None:
    """What is made of the verdicts: attrition and its picture, other forms, full verdicts."""
    from eligibility.batch.execute import outputs as beside  # noqa: PLC0415 - the extra, only for who asks

    if len(run.definitions) == 1:
        beside.write_attrition(run)
    if as_json:
        beside.write_json_lines(run)
    if as_csv:
        beside.write_csv(run)
    if reasons:
        beside.write_reasons(run, reasons)
