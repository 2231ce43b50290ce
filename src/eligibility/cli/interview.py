"""`eligibility interview`: the questions one after the other, in a terminal.

What is said is kept in a file, if one is named, after each answer: whoever stops goes on there.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Any, Final

import typer
from attrs import frozen

from eligibility.cli import inputs
from eligibility.cli import terminal as show
from eligibility.cli.asking import asked, changed
from eligibility.cli.definitions import DefinitionOption, definition_of, fitting
from eligibility.cli.options import ReadingOption, supposition_of
from eligibility.cli.prompts import StoppedError, choose, type_path
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError, printable
from eligibility.facts.records import MY_ACCOUNT
from eligibility.facts.supposition import Supposition
from eligibility.interview import Interview
from eligibility.interview.plain_words import headline, meaning, why
from eligibility.interview.transcript import said_so_far
from eligibility.rules import AS_ALLEGED
from eligibility.text.prose import NO_FINDING, notice_section, zone_lines
from eligibility.text.section import Section, inexact
from eligibility.values.english import counted

#: What is named where nothing is supposed.
_NOTHING: Final = "nothing"
#: How an interview that was saved begins, also when an editor has laid it out.
_SAVED: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"interview"')
#: Where an interview is kept by somebody who named no file.
_KEPT: Final = "my-interview"
_HOW: Final = (
    "A few questions follow; most people need two minutes. Choose with the arrow keys, then press "
    "Enter. “I don't know” is always an answer. Ctrl-C stops. Nothing leaves this computer."
)
_NO_CLAIM: Final = (
    "This is no claim form and no legal advice: the case was voluntarily dismissed, and no class "
    "was certified."
)
_SUPPOSED: Final = (
    "Nobody outside LinkedIn can know whether messages were shared to train AI. Here it is taken "
    "as so, as the complaint alleges. LinkedIn denies it."
)
_BEGIN_AGAIN: Final = (
    "Use the file as it was saved, with the same --definition and --reading. Or leave it out, and "
    "begin again."
)


def interview(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE]",
            help="What is known already: an interview that was saved, a history as JSON, or an "
            "export archive.",
            show_default=False,
        ),
    ] = None,
    *,
    save: Annotated[
        str | None,
        typer.Option(
            "--save",
            metavar="FILE",
            help="Keep what is said here, after each answer; go on there, if it was kept before.",
        ),
    ] = None,
    definition: DefinitionOption = None,
    reading: ReadingOption = None,
    suppose: Annotated[
        str | None,
        typer.Option(
            "--suppose",
            metavar="NAME",
            help="What is taken as so: `as-alleged`, or `nothing`. Of our own case, `as-alleged` "
            "if it is not said; an interview that was saved goes on as it was begun.",
        ),
    ] = None,
) -> None:
    """Ask the few questions that decide, and say what follows.

    'I don't know' is always an answer. Nothing leaves this machine.
    Exit status: 0 if there was a verdict, 1 if it was stopped before, 2 for bad usage, 3 for a FILE
    that cannot be read.
    """
    chosen = definition_of(definition, reading)
    named = suppose or (AS_ALLEGED.name if definition is None else _NOTHING)
    supposing = None if named == _NOTHING else fitting(supposition_of(named), chosen)
    if not is_terminal():
        words = "An interview needs a terminal to ask in. In Python, use `eligibility.interview`."
        raise typer.BadParameter(words)
    begins = _Begins(chosen, supposing, is_of_case=definition is None, is_said=suppose is not None)
    try:
        if save and file is None and _is_kept(Path(save)):
            file = save
        kept = _where(save, file)
        began = begins.of(file)
    except EligibilityError as error:
        title = f"Nothing was begun: {printable(file)} cannot be read." if file else ""
        lines = [str(each) for each in error.problems]
        if file and _is_kept(Path(file)):
            lines = [*(each.message for each in error.problems), _BEGIN_AGAIN]
        show.show(show.console(stderr=True), [Section(title, tuple(lines))])
        raise typer.Exit(3) from None
    except (StoppedError, KeyboardInterrupt):
        raise typer.Exit(1) from None
    _hold(began, kept)


def is_terminal() -> bool:
    """Whether somebody could read a question, and type an answer."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


# ---- how it begins -----------------------------------------------------------------------------


@frozen
class _Begins:
    """What an interview is about."""

    definition: ClassDefinition
    supposing: Supposition | None
    is_of_case: bool
    is_said: bool

    def of(self, file: str | None) -> Interview:
        """The interview that was saved, or one of what a file says; without a file, it is asked."""
        if file is not None:
            resumed = self._resumed(file)
            began = resumed or self._of_file(file)
            self._introduce(began, is_resumed=resumed is not None)
            return began
        began = self._of(self.definition.model(account_id=MY_ACCOUNT))
        self._introduce(began, is_resumed=False)
        return self._of_export() if self.is_of_case else began

    def _introduce(self, began: Interview, *, is_resumed: bool) -> None:
        lines = [_HOW, *([_NO_CLAIM] if self.is_of_case else ())]
        lines += [_SUPPOSED] if began.supposing is not None and self.is_of_case else []
        if is_resumed:
            given = counted(len(began.replies), "answer")
            lines = [f"You go on where you stopped, after {given}."]
        show.show(show.console(), [Section(self.definition.title, tuple(lines))])

    def _of(self, history: Any, likely: tuple[str, ...] = ()) -> Interview:
        return Interview.start(history, self.definition, supposing=self.supposing, likely=likely)

    def _resumed(self, file: str) -> Interview | None:
        if file == inputs.STDIN or inputs.is_archive(file):
            return None
        text = inputs.bytes_of(file)
        if not _SAVED.match(text):
            return None
        resumed = Interview.from_json(text, self.definition)
        begun = resumed.supposing.name if resumed.supposing else _NOTHING
        if self.is_said and begun != (self.supposing.name if self.supposing else _NOTHING):
            words = f"This interview was begun with `--suppose {printable(begun)}`, and goes on so."
            raise typer.BadParameter(f"{words} Leave --suppose out, or begin another.")
        return resumed

    def _of_file(self, file: str) -> Interview:
        options = inputs.InputOptions(account_id=MY_ACCOUNT)
        given = inputs.read_input(file, options, self.definition.model)
        if given.report is None:
            return self._of(given.history)
        if unread := [str(problem) for problem in given.report.problems]:
            words = "Some of the export could not be read. You are asked for it instead."
            show.show(show.console(), [Section(words, tuple(unread))])
        return self._of(given.history, tuple(p for h in given.report.hints for p in h.paths))

    def _of_export(self) -> Interview:
        """An interview that begins with the data export, if they have it."""
        asks = "Do you have your LinkedIn data export, a ZIP file? It answers most questions."
        no = "No, or not at hand"
        has = choose(asks, [(no, False), ("Yes, I will type where it is", True)])
        while has:
            typed = type_path("Type where the ZIP file is, or drop it here:")
            if not typed:
                break
            try:
                return self._of_file(typed)
            except EligibilityError as error:
                wrong = tuple(problem.message for problem in error.problems)
                show.show(show.console(), [Section("", wrong)])
            has = choose("Try again?", [("Yes", True), ("No, go on without it", False)])
        return self._of(self.definition.model(account_id=MY_ACCOUNT))


# ---- where it is kept --------------------------------------------------------------------------


def _is_kept(path: Path) -> bool:
    """Whether a file holds an interview that was kept."""
    try:
        return _SAVED.match(path.read_bytes()) is not None
    except OSError:
        return False


def _where(save: str | None, file: str | None) -> Path | None:
    """The file that answers are kept in: the one that is named, or that it goes on from."""
    if save is None:
        return Path(file) if file and _is_kept(Path(file)) else None
    path = Path(save)
    if path.is_dir() or not path.parent.is_dir():
        raise typer.BadParameter(f"`{printable(save)}` is no place for a file.")
    if path.exists() and not _is_kept(path):
        words = f"`{printable(save)}` holds something else than an interview. Name another file."
        raise typer.BadParameter(words)
    return path


def _keep(interview: Interview, path: Path) -> None:
    """Write it whole or not at all, for nobody else to read."""
    with NamedTemporaryFile(prefix=".kept-", dir=path.parent, delete=False) as file:
        new = Path(file.name)  # no file that was there before
        try:
            file.write(interview.to_json().encode())
            file.close()
            new.replace(path)
        except OSError:
            new.unlink(missing_ok=True)
            raise


def _kept_by_wish(interview: Interview) -> Path | None:
    """A new file, if whoever stops wants to go on later."""
    names = (f"{_KEPT}{f'-{n}' if n else ''}.json" for n in range(1000))
    path = next((Path(name) for name in names if not Path(name).exists()), None)
    if path is None or not interview.replies:
        return None
    keep = f"Yes, in the file {path}"
    if not choose("Keep what you said, to go on later?", [(keep, True), ("No", False)]):
        return None
    kept = _kept_in(path, interview)
    elsewhere = "Type where to keep it instead, or press Enter to keep nothing:"
    while kept is None and (typed := type_path(elsewhere)):
        kept = _kept_in(Path(typed), interview, is_new=True)
    return kept


def _kept_in(path: Path, interview: Interview, *, is_new: bool = False) -> Path | None:
    """The file, if it could be written; what is said must not be lost with it."""
    try:
        if is_new and path.exists():
            raise FileExistsError(0, "there is such a file already")
        _keep(interview, path)
    except (OSError, ValueError) as error:
        cause = (
            getattr(error, "strerror", "no file has such a name") or "it is not open for writing"
        )
        words = f"What you said cannot be kept in {printable(str(path))}: {cause}."
        show.show_words(show.console(), words)
        return None
    return path


# ---- how it goes on, and ends ------------------------------------------------------------------


def _hold(interview: Interview, kept: Path | None) -> None:
    """The interview to its end, and what follows; from there, answers can be changed."""
    screen = show.console()
    try:
        while True:
            for after in asked(interview):
                interview = after
                if kept is not None:
                    kept = _kept_in(kept, interview)
            show.show(screen, _outcome(interview))
            if not _wants_change(interview):
                return
            interview = changed(interview)
    except (StoppedError, KeyboardInterrupt):
        _stop(interview, kept)


def _wants_change(interview: Interview) -> bool:
    """Whether an answer is to be changed, now that it is known what follows."""
    if not interview.replies:
        return False
    try:
        return choose(
            "Is that right?", [("Yes, that was all", False), ("No: change an answer", True)]
        )
    except StoppedError:
        return False


def _stop(interview: Interview, kept: Path | None) -> None:
    try:
        kept = kept or _kept_by_wish(interview)
    except (StoppedError, KeyboardInterrupt):
        kept = None
    words = "Nothing is kept."
    if kept is not None and _is_kept(kept):
        words = f"To go on: eligibility interview {printable(str(kept))}"
    show.show_line(show.console(), words)
    raise typer.Exit(1)


def _outcome(interview: Interview) -> Iterator[Section]:
    """What follows, in plain words, and why; what stays open, and what was said."""
    verdict = interview.verdict
    supposed = verdict.supposing is not None
    name = f", supposing {verdict.supposing.words}" if verdict.supposing else ""
    lines = [f"{verdict.status.value.upper()}{name}", headline(verdict), meaning(verdict)]
    yield Section("", (*lines, *([NO_FINDING] if supposed else ())))
    yield Section("Why", (*why(verdict), *zone_lines(verdict)))
    yield Section("What stays open", interview.open_sentences)
    said = (f"{each.asked} {each.said}" for each in said_so_far(interview))
    yield Section("What you said", tuple(said))
    if not verdict.exact:
        yield inexact(in_fragment=verdict.definition.exact)
    yield notice_section(verdict)
