"""The commands: `check`, `interview`, `define`, `schema`; `batch` and `web` have their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from eligibility import __version__
from eligibility.cli import inputs
from eligibility.cli import terminal as show
from eligibility.cli.check import Check, exit_code
from eligibility.cli.definitions import DefinitionOption, definition_of, fitting, refuse_survey
from eligibility.cli.letters import LetterOption, refuse_letter
from eligibility.cli.options import (
    LimitOption,
    ReadingOption,
    SupposeOption,
    limits_of,
    misused,
    supposition_of,
)
from eligibility.cli.sections import reading_section
from eligibility.cli.streams import standard_streams
from eligibility.errors import EligibilityError, shown
from eligibility.history import AccountHistory
from eligibility.rules import Reading
from eligibility.text.definition_prose import definition_sections
from eligibility.values.timeline import load_zone

#: Bad usage of any kind. Typer exports its class only by its children.
_UsageError: Final[type[Exception]] = typer.BadParameter.__bases__[0]
#: How many characters are quoted, each of which may take ten when it is escaped; and how many our
#: own words may have, one problem a line.
_LONGEST: Final = 500
_LONGEST_OF_OURS: Final = 5_000


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Have what bad usage quotes of the command line be plain printable text, and short."""
    try:
        yield
    except _UsageError as error:
        said: str = vars(error)["message"]
        is_plain = len(said) < _LONGEST_OF_OURS and all(map(str.isprintable, said.split("\n")))
        if not (is_plain and isinstance(error, typer.BadParameter)):
            vars(error)["message"] = shown(said, _LONGEST)
        raise


#: Commands of which `check` needs nothing: each is loaded when it is called, or helped with.
_LOADED_WHEN_CALLED: Final = ("interview", "batch", "web")


class _Commands(TyperGroup):
    """All commands: what any of them says of a wrong word, no terminal obeys."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Those of this module, then the others."""
        return [*super().list_commands(ctx), *_LOADED_WHEN_CALLED]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A command; None if there is none of this name, and then all are there to be suggested."""
        others = (cmd_name,) if cmd_name in _LOADED_WHEN_CALLED else _LOADED_WHEN_CALLED
        for name in others if cmd_name not in self.commands else ():
            self.add_command(_loaded(name), name)
        return super().get_command(ctx, cmd_name)

    def make_context(self, *given: Any, **named: Any) -> typer.Context:
        with _said_plainly():
            return super().make_context(*given, **named)  # type: ignore[return-value]  # Typer's own contexts

    def invoke(self, ctx: Any) -> Any:
        with _said_plainly():
            return super().invoke(ctx)


app = typer.Typer(
    name="eligibility",
    cls=_Commands,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer passes the flag so
    if wanted:
        typer.echo(f"eligibility {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 - its callback does it
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Whether an account fits the description of a proposed class, exactly as far as is known.

    The case is De La Torre v. LinkedIn Corporation, a proposed class action that was voluntarily
    dismissed; no class was certified. 'Eligible' means only 'fits the description under the stated
    reading'.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def check(  # noqa: PLR0913 - each is one option of the command line
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Histories as JSON (`-`: standard input), or export archives: a ZIP or a folder.",
            show_default=False,
        ),
    ],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="One verdict as JSON for each file, one on a line.")
    ] = False,
    definition: DefinitionOption = None,
    reading: ReadingOption = None,
    suppose: SupposeOption = None,
    with_survey: Annotated[
        bool, typer.Option("--survey", help="Decide under every reading as well.")
    ] = False,
    in_full: Annotated[
        bool,
        typer.Option("--full", help="Show every question, the sources and a time line as well."),
    ] = False,
    letter: LetterOption = None,
    exit_status: Annotated[
        bool, typer.Option("--exit-status", help="Let the exit status tell the verdict.")
    ] = False,
    account_id: Annotated[
        str | None, typer.Option(help="Of an archive: what to call the account.")
    ] = None,
    owner_url: Annotated[
        str | None,
        typer.Option(help="Of an archive: the owner's profile address; tells sent from received."),
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option(help="Of an archive: the IANA zone that dates are read in.")
    ] = None,
    limit: LimitOption = None,
) -> None:
    """Decide about each FILE, and say why.

    Exit status: 0 if every file got a verdict, 2 for bad usage, 3 if any input was bad: what is
    wrong with it, all of it, stands on standard error, and the other files get their verdicts. An
    archive that was read only in part gets its verdict too, and status 3.
    With --exit-status, if no input was bad: 0 eligible, 10 ineligible, 11 indeterminate; of
    several files the least favourable: 10 if any is ineligible, else 11 if any is indeterminate,
    so that 0 means that all are eligible.

    With --json, each line is the verdict of one file, in the order of the files, with `file`, and
    with `archive` (how an archive was read) and `survey` where there is one. A bad input has no
    line there; its problems are a line of JSON on standard error.
    """
    of_archive, records = limits_of(limit)
    options = inputs.InputOptions(account_id, owner_url, time_zone, of_archive, records)
    _refuse_misuse(files, options)
    refuse_letter(letter, files)
    if with_survey:
        refuse_survey(definition)
    chosen = definition_of(definition, reading)
    run = Check(
        definition=chosen,
        is_of_case=definition is None,
        supposing=fitting(supposition_of(suppose), chosen),
        as_json=as_json,
        with_survey=with_survey,
        in_full=in_full,
        options=options,
        letter=letter,
    )
    waiting = show.Waiting(is_long=_is_long(files))
    try:
        statuses = [run.file(name, waiting) for name in files]
    finally:
        waiting.hush()  # also when somebody gives up waiting
    raise typer.Exit(exit_code(statuses, by_status=exit_status))


@app.command()
def define(definition: DefinitionOption = None, reading: ReadingOption = None) -> None:
    """Print the definition under a reading as numbered prose with citations."""
    chosen = definition_of(definition, reading)
    *sections, notice = definition_sections(chosen)
    if definition is None:
        sections.append(reading_section(Reading.of(**chosen.reading)))
    show.show(show.console(), [*sections, notice])


@app.command()
def schema(
    *,
    verdict: Annotated[
        bool, typer.Option("--verdict", help="Of a verdict as JSON instead.")
    ] = False,
    definition: DefinitionOption = None,
) -> None:
    """Print the JSON Schema of a history, or of a verdict.

    Of a history of this case, or of the definition's own model; verdicts of all look alike.
    """
    from eligibility.verdict.document import VerdictDocument  # noqa: PLC0415 - only for who asks

    if verdict and definition is not None:
        raise typer.BadParameter("Verdicts of every definition look alike: leave --definition out.")
    of_history = AccountHistory if definition is None else definition_of(definition, None).model
    model = VerdictDocument if verdict else of_history
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    show.write_json(dialect | model.model_json_schema(), indent=2)


def _is_long(files: list[str]) -> bool:
    return len(files) > 20 or sum(map(inputs.size_of, files)) > 500_000


def _refuse_misuse(files: list[str], options: inputs.InputOptions) -> None:
    if files.count(inputs.STDIN) > 1:
        raise typer.BadParameter("`-` stands twice, and standard input can be read only once.")
    if options.given and not any(map(inputs.is_archive, files)):
        given = ", ".join(options.given)
        raise typer.BadParameter(f"{given} is about an export archive, and no FILE is one.")
    if options.records is not None and all(map(inputs.is_archive, files)):
        raise typer.BadParameter("--limit records is about a history in JSON, and no FILE is one.")
    if options.time_zone is not None:
        try:
            load_zone(options.time_zone)
        except EligibilityError as error:
            raise misused(error, "--time-zone") from None


def _loaded(name: str) -> Any:
    """A command that has a module of its own."""
    made = getattr(import_module(f"eligibility.cli.{name}"), name)
    holder = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    holder.callback()(lambda: None)  # so that it is a group, whatever it holds
    if isinstance(made, typer.Typer):
        holder.add_typer(made)
    else:
        holder.command()(made)
    return vars(typer.main.get_command(holder))["commands"][name]


def run() -> None:
    """Do what the command line says."""
    with standard_streams():
        app(prog_name="eligibility")
