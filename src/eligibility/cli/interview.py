"""`eligibility interview`: the questions one after the other, in a terminal.

The prompts are questionary's. What is said is kept in a file, if one is named,
after each answer: whoever stops goes on there.
"""

import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from eligibility.cli import inputs
from eligibility.cli import terminal as show
from eligibility.cli.definitions import DefinitionOption, definition_of, fitting
from eligibility.cli.options import ReadingOption, supposition_of
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError, printable
from eligibility.interview import Interview, Question
from eligibility.rules import AS_ALLEGED
from eligibility.text.prose import notice_section, supposed_section, verdict_sections
from eligibility.text.section import Section

_DONT_KNOW: Final = "I don't know"
_BACK: Final = "Go back to the question before"
_DATE: Final = "I will type when"
_ACCOUNT: Final = "my-account"
_NO_EXPORT: Final = "No export: press Enter"


class _StoppedError(Exception):
    """Whoever was asked has had enough for now."""


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
        typer.Option("--save", metavar="FILE", help="Keep what is said here, after each answer."),
    ] = None,
    definition: DefinitionOption = None,
    reading: ReadingOption = None,
    suppose: Annotated[
        str,
        typer.Option(
            "--suppose", metavar="NAME", help="What is taken as so: `as-alleged`, or `nothing`."
        ),
    ] = AS_ALLEGED.name,
) -> None:
    """Ask the few questions that decide, and say what follows.

    'I don't know' is always an answer. Nothing leaves this machine.
    Exit status: 0 if there was a verdict, 1 if it was stopped before, 2 for bad usage, 3 for a FILE
    that cannot be read.
    """
    chosen = definition_of(definition, reading)
    is_of_case = definition is None
    supposing = None
    if suppose != "nothing" and (is_of_case or suppose != AS_ALLEGED.name):
        supposing = fitting(supposition_of(suppose), chosen)
    prompts = _prompts()
    screen = show.console()
    try:
        began = _begun(prompts, file, chosen, supposing, is_of_case=is_of_case)
    except EligibilityError as error:
        for problem in error.problems:
            show.show_line(show.console(stderr=True), str(problem))
        raise typer.Exit(3) from None
    except _StoppedError:
        raise typer.Exit(1) from None
    if began.supposing is not None:
        show.show_line(screen, "Nobody outside can know whether messages were shared to train AI.")
        show.show_line(screen, "Here it is taken as so, as the complaint alleges.")
        show.show_line(screen, "")
    ended = _asked(prompts, began, save)
    if ended is None:
        go_on = f"Go on with: eligibility interview {printable(save or '')}"
        words = go_on if save and Path(save).exists() else "Nothing is kept."
        show.show_line(screen, words)
        raise typer.Exit(1)
    show.show(screen, _outcome(ended))


def is_terminal() -> bool:
    """Whether somebody could type an answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def _prompts() -> Any:
    """The library of prompts; a sentence if nobody could answer."""
    if not is_terminal():
        words = "An interview needs a terminal to ask in. In Python, use `eligibility.interview`."
        raise typer.BadParameter(words)
    import questionary  # noqa: PLC0415 - for this command alone

    return questionary


def _begun(
    prompts: Any,
    file: str | None,
    definition: ClassDefinition,
    supposing: Any,
    *,
    is_of_case: bool,
) -> Interview:
    """The interview that was saved, or one of what a file says; the archive is asked for first."""
    if file is None and is_of_case:
        asked = "Do you have your LinkedIn data export? Type where the ZIP file is:"
        typed = _said(prompts.path(asked, placeholder=_NO_EXPORT)).strip()
        file = typed or None
    if file is None:
        history: Any = definition.model(account_id=_ACCOUNT)
        return Interview.start(history, definition, supposing=supposing)
    if not inputs.is_archive(file):
        text = inputs.bytes_of(file)
        if text.lstrip().startswith(b'{"interview"'):
            return Interview.from_json(text, definition)
    options = inputs.InputOptions(_ACCOUNT, None, None, None, None)
    given = inputs.read_input(file, options, definition.model)
    hints = given.report.hints if given.report else ()
    likely = [path for hint in hints for path in hint.paths]
    return Interview.start(given.history, definition, supposing=supposing, likely=likely)


def _asked(prompts: Any, interview: Interview, save: str | None) -> Interview | None:
    """The interview when it has ended; None if it was stopped."""
    helped: set[str] = set()
    while (question := interview.question) is not None:
        screen = show.console()
        topic = f"{question.topic} ({round(interview.progress * 100)} % done)"
        helps = (question.help,) if question.help and question.help not in helped else ()
        helped.add(question.help)
        show.show(screen, [Section(topic, helps)] if helps else [])
        try:
            interview = _answered(prompts, interview, question)
        except EligibilityError as error:
            show.show_line(screen, " ".join(f"{p.message} {p.hint}" for p in error.problems))
        except _StoppedError:
            return None
        if save:
            Path(save).write_text(interview.to_json(), encoding="utf-8")
    return interview


def _answered(prompts: Any, interview: Interview, question: Question) -> Interview:
    """The interview after one prompt."""
    choices = [
        prompts.Choice(printable(answer.text), at) for at, answer in enumerate(question.answers)
    ]
    back = [prompts.Choice(_BACK, _BACK)] if interview.replies else []
    if question.takes_several:
        return _ticked(prompts, interview, question, choices, back)
    if question.takes_date and not choices:
        return _typed(prompts, interview, question)
    typed = [prompts.Choice(_DATE, _DATE)] if question.takes_date else []
    others = [prompts.Choice(_DONT_KNOW, _DONT_KNOW), *back]
    said = _said(prompts.select(question.text, [*typed, *choices, *others]))
    if said == _BACK:
        return interview.undo()
    if said == _DONT_KNOW:
        return interview.dont_know()
    if said == _DATE:
        return _typed(prompts, interview, question)
    return interview.answer(said)


def _typed(prompts: Any, interview: Interview, question: Question) -> Interview:
    """The interview after a date that is typed, or not known."""
    example = f" For example: {question.example}." if question.example else ""
    words = f"{question.text}{example} Leave it empty if you do not know; `back` goes back."
    typed = _said(prompts.text(words)).strip()
    if typed.lower() == "back":
        return interview.undo()
    return interview.date(typed) if typed else interview.dont_know()


def _ticked(
    prompts: Any, interview: Interview, question: Question, choices: list[Any], back: list[Any]
) -> Interview:
    """The interview after a prompt that takes several answers."""
    words = "Tick all that apply with the space bar, then press Enter"
    none = [prompts.Choice("None of these", ())] if question.kind == "pick" else []
    first = [prompts.Choice(words, True), *none, prompts.Choice(_DONT_KNOW, _DONT_KNOW), *back]
    said = _said(prompts.select(question.text, first))
    if said == _BACK:
        return interview.undo()
    if said == _DONT_KNOW:
        return interview.dont_know()
    if said == ():
        return interview.answer()
    ticked = _said(prompts.checkbox(question.text, choices))
    if question.kind == "pick" and ticked:
        rest = _said(prompts.confirm("Is it sure that none of the others was?", default=True))
        return interview.answer(*ticked, rest=rest)
    return interview.answer(*ticked)


def _said(prompt: Any) -> Any:
    """What was said to a prompt."""
    said = prompt.ask()
    if said is None:
        raise _StoppedError
    return said


def _outcome(interview: Interview) -> list[Section]:
    """The verdict, and what stays open."""
    verdict = interview.verdict
    sections = [*verdict_sections(verdict)]
    if left := interview.open_sentences:
        sections.append(Section("What stays open", left))
    if verdict.supposing is not None:
        sections.append(supposed_section(verdict.supposing))
    return [*sections, notice_section(verdict)]
