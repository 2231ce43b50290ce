"""Decide, from what is known of an account, whether its holder falls in a proposed class, and why.

The way through the house, bottom to top:

- `errors`, `timeline`, `truth`, `timeset`, `moment`, `citation`: the words;
- `model`, `history`, `read`: what is known of one account, validated at the edge;
- `facts`: a history made ready, with what follows filled in and what clashes found;
- `conditions`, `definition`: who the class is, as data;
- `rules`: De La Torre v. LinkedIn, its readings, and `supposition`: what the complaint alleges;
- `stages`: a definition as the reference reads it;
- `evaluate`, with `joint`: the reference; what surely holds and what possibly holds; `work`: how
  long a search may take;
- `worlds`: what a definition means in one world; `listing`, `told`, `certificate`: a verdict
  checked by somebody who trusts nothing;
- `verdict`, with `reasons`, `scenarios`, `pivots` and `questions`; `survey` over all readings;
- `words`, `prose`, `picture`: a definition and a verdict as sentences, and a time line;
- `linkedin`, `cli`, `testing`, `analysis`: edges, which import the core and which it never imports.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from eligibility.api import Survey, evaluate, read_history, survey, verify
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import (
    AllOf,
    AnyOf,
    Clause,
    Condition,
    Covered,
    Ever,
    Is,
    Uncovered,
    Within,
    all_of,
    any_of,
)
from eligibility.errors import (
    CODES,
    ArchiveError,
    EligibilityError,
    InconsistentHistory,
    InvalidDefinition,
    InvalidHistory,
    InvalidMoment,
    InvalidRefinement,
    Problem,
    UnknownReading,
    WrongArgument,
)
from eligibility.facts.model import (
    EndField,
    Facts,
    History,
    MomentField,
    Record,
    Span,
    YesNo,
    unique_ids,
)
from eligibility.facts.refinement import forget, refine, refines
from eligibility.facts.supposition import Supposition
from eligibility.history import AccountHistory
from eligibility.values.citation import Citation
from eligibility.values.moment import Moment
from eligibility.values.timeset import TimeSet
from eligibility.values.truth import Status, Truth
from eligibility.verdict.record import ClauseTruth, Scenarios, Verdict

if TYPE_CHECKING:
    from eligibility.audit.certificate import Certificate
    from eligibility.verdict.questions import Answer, Question
    from eligibility.verdict.reasons import Evidence, Reason

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """What only a full verdict or its check needs, loaded when it is first named."""
    if name == "Certificate":
        return getattr(import_module("eligibility.audit.certificate"), name)
    if name in ("Answer", "Question"):
        return getattr(import_module("eligibility.verdict.questions"), name)
    if name in ("Evidence", "Reason"):
        return getattr(import_module("eligibility.verdict.reasons"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "CODES",
    "AccountHistory",
    "AllOf",
    "Answer",
    "AnyOf",
    "ArchiveError",
    "Certificate",
    "Citation",
    "ClassDefinition",
    "Clause",
    "ClauseTruth",
    "Condition",
    "Covered",
    "EligibilityError",
    "EndField",
    "Ever",
    "Evidence",
    "Facts",
    "History",
    "InconsistentHistory",
    "InvalidDefinition",
    "InvalidHistory",
    "InvalidMoment",
    "InvalidRefinement",
    "Is",
    "Moment",
    "MomentField",
    "Problem",
    "Question",
    "Reason",
    "Record",
    "Scenarios",
    "Span",
    "Status",
    "Supposition",
    "Survey",
    "TimeSet",
    "Truth",
    "Uncovered",
    "UnknownReading",
    "Verdict",
    "Within",
    "WrongArgument",
    "YesNo",
    "all_of",
    "any_of",
    "evaluate",
    "forget",
    "read_history",
    "refine",
    "refines",
    "survey",
    "unique_ids",
    "verify",
]
