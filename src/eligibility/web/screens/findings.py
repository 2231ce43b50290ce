"""What follows from an interview that has ended: each part is found once, for all that shows it.

A result is shown again with each part that is asked for, and its files are saved from there. Of a
long archive each of these takes seconds to find.
"""

from functools import cached_property
from typing import Final

from attrs import frozen

from eligibility.api import Survey, survey
from eligibility.interview import Interview
from eligibility.text.ladder import Ladder, ladder
from eligibility.text.markup import Html
from eligibility.verdict.record import Verdict, evaluate
from eligibility.web.screens.time_line import time_line_part
from eligibility.web.screens.unknown import unknown_part

PLAIN: Final = "On what you said"
SUPPOSED: Final = "Supposing what is alleged"


@frozen(slots=False)
class Findings:
    """What follows from an interview, in parts; without what is alleged and supposing it."""

    interview: Interview

    @cached_property
    def plain(self) -> Verdict:
        """What follows when nothing is supposed."""
        if self.interview.supposing is None:
            return self.interview.verdict
        return evaluate(self.interview.history, self.interview.definition)

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The verdicts by what they are called, the plain one first."""
        supposed = {SUPPOSED: self.interview.verdict}
        return {PLAIN: self.plain, **(supposed if self.interview.supposing else {})}

    @cached_property
    def unknown(self) -> list[Html]:
        """What is not known, and who could know it."""
        return unknown_part(self.interview, self.plain)

    @cached_property
    def time_line(self) -> Html:
        """The picture of what was said."""
        return time_line_part(self.interview.history, self.interview.definition)

    @cached_property
    def ladders(self) -> dict[str, Ladder]:
        """How far it gets, point by point, by what the verdict is called."""
        return {name: ladder(found) for name, found in self.verdicts.items()}

    @cached_property
    def surveys(self) -> dict[str, Survey]:
        """What each reading would say, by what the verdict is called; of the case here alone."""
        history = self.interview.history
        return {name: survey(history, supposing=v.supposing) for name, v in self.verdicts.items()}
