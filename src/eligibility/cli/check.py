"""One file after the other: read, decided, and shown or written as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from attrs import asdict, frozen

from eligibility.api import Survey, survey
from eligibility.cli import inputs
from eligibility.cli import terminal as show
from eligibility.cli.sections import reading_section, report_section, survey_lines
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError, Problem
from eligibility.facts.supposition import Supposition
from eligibility.rules import AS_ALLEGED, Reading
from eligibility.text.prose import (
    first_question,
    lead_lines,
    no_hints,
    notice_section,
    open_sections,
    source_sections,
    supposed_section,
    verdict_sections,
)
from eligibility.text.section import Section
from eligibility.values.truth import Status
from eligibility.verdict.record import Verdict, evaluate

_MORE: Final = "More with --full: how terms are read, every question, sources, a time line."


def exit_code(statuses: list[Status | None], *, by_status: bool) -> int:
    """The exit status for the verdicts of all files; None stands for a bad input."""
    if None in statuses:
        return 3
    if not by_status:
        return 0
    if Status.INELIGIBLE in statuses:
        return 10
    return 11 if Status.INDETERMINATE in statuses else 0


@frozen
class Check:
    """What is asked of every file."""

    definition: ClassDefinition
    is_of_case: bool
    supposing: Supposition | None
    as_json: bool
    with_survey: bool
    in_full: bool
    options: inputs.InputOptions
    letter: str | None = None

    def file(self, name: str, waiting: show.Waiting) -> Status | None:
        """Decide about one file and print that; None, and what is wrong, if it is bad in part."""
        shown = inputs.shown_name(name)
        waiting.say(f"{shown}: reading")
        try:
            given = inputs.read_input(
                name,
                self.options,
                self.definition.model,
                lambda count: waiting.say(f"{shown}: {count / 1_000_000:,.1f} MB read"),
            )
            waiting.say(f"{shown}: deciding")
            verdict = evaluate(given.history, self.definition, supposing=self.supposing)
            if self.letter is not None:
                waiting.say(f"{shown}: writing the letter")
                from eligibility.cli.letters import save_letter  # noqa: PLC0415 - where one is asked for

                save_letter(self.letter, given, verdict)
        except EligibilityError as error:
            waiting.hush()
            self._refuse(name, error.problems)
            return None
        if self.as_json:
            waiting.say(f"{shown}: finding reasons and questions")
            data = self._json(name, given, verdict)
            waiting.hush()
            show.write_json(data)
        else:
            self._show(given, verdict, waiting)
        unread = given.report.problems if given.report else ()
        if unread:  # the verdict stands, for it takes no list of an archive to be complete
            self._refuse(name, unread)
        return None if unread else verdict.status

    def _refuse(self, name: str, found: Sequence[Problem]) -> None:
        if self.as_json:
            line = {"file": inputs.json_name(name), "problems": list(map(asdict, found))}
            show.write_json(line, stderr=True)
            return
        screen = show.console(stderr=True)
        for problem in found:
            show.show_line(screen, f"{inputs.shown_name(name)}: {problem}")

    def _json(self, name: str, given: inputs.Input, verdict: Verdict) -> dict[str, Any]:
        data = {**verdict.to_dict(), "file": inputs.json_name(name)}
        if given.report is not None:
            data["archive"] = given.report.to_dict()
            for question in data["questions"]:
                hints = (given.report.hints_for(path) for path in question["paths"])
                question["hints"] = [hint for found in hints for hint in found]
        if self.with_survey:
            data["survey"] = survey(given.history, supposing=self.supposing).to_dict()
        return data

    def _show(self, given: inputs.Input, verdict: Verdict, waiting: show.Waiting) -> None:
        screen = show.console()
        sections = list(self._sections(given, verdict, waiting))
        waiting.hush()
        show.show(screen, sections)
        if self.in_full:
            width, plain = show.width_of(screen), not show.can_draw(screen)
            from eligibility.text.picture import timeline  # noqa: PLC0415 - of a verdict in full

            picture = timeline(verdict.history, self.definition, width, ascii_only=plain)
            supposing = f", supposing {verdict.supposing.words}" if verdict.supposing else ""
            show.show_picture(screen, f"Time line{supposing}", picture)
        show.show(screen, [notice_section(verdict)])
        if not self.in_full:
            show.show_words(screen, _MORE)

    def _sections(
        self, given: inputs.Input, verdict: Verdict, waiting: show.Waiting
    ) -> Iterator[Section]:
        waiting.say(f"{given.name}: finding the reasons")
        lead, *sections = verdict_sections(verdict)
        yield Section("", (f"==== {given.name}", *lead.lines))
        reading = Reading.of(**verdict.reading) if self.is_of_case else None
        if reading and reading != Reading():
            yield reading_section(reading, in_full=False)
        yield from sections
        if given.report is not None:
            yield report_section(given.report, in_full=self.in_full)
        if self.is_of_case:
            waiting.say(f"{given.name}: trying every reading")
            yield from self._of_case(given, verdict)
        waiting.say(f"{given.name}: finding the questions")
        hints_for = given.report.hints_for if given.report else no_hints
        if verdict.status is Status.INDETERMINATE and not self.in_full:
            yield first_question(verdict, hints_for)
        if verdict.supposing is not None:
            yield supposed_section(verdict.supposing)
        if self.in_full:
            yield from open_sections(verdict, hints_for)
            if self._is_supposed_beside(verdict):
                yield supposed_section(AS_ALLEGED)
            yield from source_sections(verdict)
            if reading:
                yield reading_section(reading, in_full=True)

    def _of_case(self, given: inputs.Input, verdict: Verdict) -> Iterator[Section]:
        """What only the case has: other readings, and what its complaint alleges."""
        is_open = self._is_supposed_beside(verdict)
        if self.with_survey or not is_open:
            table = survey(given.history, supposing=self.supposing)
            yield Section("Other readings", self._readings(verdict.status, table))
        if is_open:
            yield self._as_alleged(given)

    def _is_supposed_beside(self, verdict: Verdict) -> bool:
        """Whether it is shown too what it would be, supposing what the complaint alleges."""
        is_open = verdict.status is Status.INDETERMINATE and verdict.supposing is None
        return self.is_of_case and is_open

    def _as_alleged(self, given: inputs.Input) -> Section:
        """What it would be, supposing what the complaint alleges, and on how many readings."""
        supposed = evaluate(given.history, self.definition, supposing=AS_ALLEGED)
        readings = self._readings(supposed.status, survey(given.history, supposing=AS_ALLEGED))
        _, *lines = lead_lines(supposed, with_why=self.in_full)
        status = f"{supposed.status.value.upper()}, if that were so"
        return Section(f"Only supposing {AS_ALLEGED.words}", (status, *lines, *readings))

    def _readings(self, status: Status, table: Survey) -> tuple[str, ...]:
        """What the readings say together, or, if it is asked for, each by itself."""
        return tuple(survey_lines(table)) if self.with_survey else (table.agreement(status),)
