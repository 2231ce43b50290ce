"""One file after the other: read, decided, and shown or written as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from eligibility.api import Survey, survey
from eligibility.cli import inputs
from eligibility.cli import terminal as show
from eligibility.cli.sections import agreement_line, report_section, survey_lines
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError, Problem
from eligibility.facts.supposition import Supposition
from eligibility.rules import AS_ALLEGED
from eligibility.text.picture import timeline
from eligibility.text.prose import (
    Section,
    notice_section,
    open_sections,
    status_lines,
    verdict_sections,
)
from eligibility.values.truth import Status
from eligibility.verdict.record import Verdict, evaluate


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
    supposing: Supposition | None
    as_json: bool
    with_survey: bool
    options: inputs.ArchiveOptions

    def file(self, name: str, waiting: show.Waiting) -> Status | None:
        """Decide about one file and print that; None, and what is wrong, if it is bad in part."""
        shown = inputs.shown_name(name)
        waiting.say(f"{shown}: reading")
        try:
            given = inputs.read_input(
                name,
                self.options,
                lambda count: waiting.say(f"{shown}: {count / 1_000_000:,.1f} MB read"),
            )
            waiting.say(f"{shown}: deciding")
            verdict = evaluate(given.history, self.definition, supposing=self.supposing)
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
            keys = ("code", "path", "message", "hint")
            problems = [{key: getattr(each, key) for key in keys} for each in found]
            line = {"file": inputs.json_name(name), "problems": problems}
            show.write_json(line, stderr=True)
            return
        screen = show.console(stderr=True)
        for problem in found:
            show.problem_line(screen, f"{inputs.shown_name(name)}: {problem}")

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
        picture = timeline(
            verdict.history,
            self.definition,
            show.width_of(screen),
            ascii_only=not show.can_draw(screen),
        )
        waiting.hush()
        show.show(screen, sections)
        supposing = f", supposing {verdict.supposing.name}" if verdict.supposing else ""
        show.show_picture(screen, f"Time line{supposing}", picture)
        show.show(screen, [notice_section(verdict)])

    def _sections(
        self, given: inputs.Input, verdict: Verdict, waiting: show.Waiting
    ) -> Iterator[Section]:
        yield Section(f"==== {given.name}", (f"Account {given.history.account_id}",))
        if given.report is not None:
            yield report_section(given.report)
        waiting.say(f"{given.name}: finding the reasons")
        yield from verdict_sections(verdict)
        waiting.say(f"{given.name}: trying every reading")
        is_open = verdict.status is Status.INDETERMINATE and verdict.supposing is None
        if self.with_survey or not is_open:
            table = survey(given.history, supposing=self.supposing)
            yield Section("Other readings", self._readings(verdict.status, table))
        if is_open:
            yield self._as_alleged(given)
        waiting.say(f"{given.name}: finding the questions")
        report = given.report
        yield from open_sections(verdict, report.hints_for) if report else open_sections(verdict)

    def _as_alleged(self, given: inputs.Input) -> Section:
        """What it would be, supposing what the complaint alleges, and on how many readings."""
        supposed = evaluate(given.history, self.definition, supposing=AS_ALLEGED)
        readings = self._readings(supposed.status, survey(given.history, supposing=AS_ALLEGED))
        return Section(
            "Only supposing what the complaint alleges", (*status_lines(supposed), *readings)
        )

    def _readings(self, status: Status, table: Survey) -> tuple[str, ...]:
        """What the readings say together, or, if it is asked for, each by itself."""
        return tuple(survey_lines(table)) if self.with_survey else (agreement_line(status, table),)
