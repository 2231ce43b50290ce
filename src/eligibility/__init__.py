"""Decide, from what is known of an account, whether its holder falls in a proposed class, and why.

*A history gives facts; a definition asks about them; evaluation answers; the verdict explains.*
Folders are the stations on that way, in this order, and each imports only what stands before it:

- `values`: moments, time sets, truth; `facts`: what is known of one account, validated at the edge;
- `definition`: who the class is, as data; `evaluation`: what follows, and the law of it;
- `verdict`: the record of it, with reasons, questions and witnesses, and its JSON document;
- `audit`: a verdict checked by what shares nothing with evaluation; `text`: all of it as sentences.

`rules`, with `readings`, `case` and `history`, is one case: De La Torre v. LinkedIn. The stations
do not know it; `api` supplies it where nothing else is passed. `linkedin`, `cli`, `batch`,
`testing` and `analysis` are edges: they import the stations, which never import them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from eligibility.api import Survey, evaluate, read_history, survey, verify, write_letter
    from eligibility.audit.certificate import Certificate
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
        InvalidVerdict,
        Problem,
        UnknownReading,
        WrongArgument,
    )
    from eligibility.facts.completeness import CompletenessStatement
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
    from eligibility.facts.read import parse_json
    from eligibility.facts.refinement import forget, refine, refines
    from eligibility.facts.supposition import Supposition
    from eligibility.history import AccountHistory, Exclusions, Message, Permission, Subscription
    from eligibility.text.letter_html import letter_page
    from eligibility.text.prose import verdict_text
    from eligibility.text.writing import Letter
    from eligibility.values.citation import Citation
    from eligibility.values.moment import Moment
    from eligibility.values.timeset import TimeSet
    from eligibility.values.truth import Status, Truth
    from eligibility.verdict.document import VerdictDocument
    from eligibility.verdict.open_facts import OpenFact
    from eligibility.verdict.questions import Answer, Question
    from eligibility.verdict.reasons import Evidence, Reason
    from eligibility.verdict.record import ClauseTruth, Scenarios, Verdict
else:  # hidden from type checkers, to which a name that is misspelt would be one that is loaded
    #: The module that each name is loaded from when it is first named: `Moment` alone, for one,
    #: needs none of pydantic's models.
    _LOADED_WHEN_NAMED = {
        name: module
        for module, names in {
            "api": "Survey evaluate read_history survey verify write_letter",
            "audit.certificate": "Certificate",
            "definition.class_definition": "ClassDefinition",
            "definition.conditions": (
                "AllOf AnyOf Clause Condition Covered Ever Is Uncovered Within all_of any_of"
            ),
            "errors": (
                "CODES ArchiveError EligibilityError InconsistentHistory InvalidDefinition "
                "InvalidHistory InvalidMoment InvalidRefinement InvalidVerdict Problem "
                "UnknownReading WrongArgument"
            ),
            "facts.completeness": "CompletenessStatement",
            "facts.model": "EndField Facts History MomentField Record Span YesNo unique_ids",
            "facts.read": "parse_json",
            "facts.refinement": "forget refine refines",
            "facts.supposition": "Supposition",
            "history": "AccountHistory Exclusions Message Permission Subscription",
            "text.letter_html": "letter_page",
            "text.prose": "verdict_text",
            "text.writing": "Letter",
            "values.citation": "Citation",
            "values.moment": "Moment",
            "values.timeset": "TimeSet",
            "values.truth": "Status Truth",
            "verdict.document": "VerdictDocument",
            "verdict.open_facts": "OpenFact",
            "verdict.questions": "Answer Question",
            "verdict.reasons": "Evidence Reason",
            "verdict.record": "ClauseTruth Scenarios Verdict",
        }.items()
        for name in names.split()
    }
    #: Modules that are named as attributes of the package, too.
    _MODULES = ("api", "case", "errors", "history", "readings", "rules")

    def __getattr__(name: str) -> object:
        """A name or a module of the front door, loaded when it is first named."""
        if name in _LOADED_WHEN_NAMED:
            found = getattr(import_module(f"{__name__}.{_LOADED_WHEN_NAMED[name]}"), name)
            globals()[name] = found
            return found
        if name in _MODULES:
            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        """What can be named, loaded or not."""
        return sorted({*globals(), *__all__, *_MODULES})


__all__ = [  # noqa: RUF022 - grouped by what the names are for, and sorted in each group
    # Deciding
    "Survey",
    "evaluate",
    "survey",
    "verdict_text",
    # What is known of one account
    "AccountHistory",
    "CompletenessStatement",
    "Exclusions",
    "Message",
    "Permission",
    "Subscription",
    "forget",
    "parse_json",
    "read_history",
    "refine",
    "refines",
    # The verdict
    "Answer",
    "ClauseTruth",
    "Evidence",
    "OpenFact",
    "Question",
    "Reason",
    "Scenarios",
    "Status",
    "Supposition",
    "Verdict",
    "VerdictDocument",
    # A letter about it
    "Letter",
    "letter_page",
    "write_letter",
    # A verdict checked
    "Certificate",
    "verify",
    # Values
    "Citation",
    "Moment",
    "TimeSet",
    "Truth",
    # Declaring a history
    "EndField",
    "Facts",
    "History",
    "MomentField",
    "Record",
    "Span",
    "YesNo",
    "unique_ids",
    # Declaring a class
    "AllOf",
    "AnyOf",
    "ClassDefinition",
    "Clause",
    "Condition",
    "Covered",
    "Ever",
    "Is",
    "Uncovered",
    "Within",
    "all_of",
    "any_of",
    # What can be wrong
    "CODES",
    "ArchiveError",
    "EligibilityError",
    "InconsistentHistory",
    "InvalidDefinition",
    "InvalidHistory",
    "InvalidMoment",
    "InvalidRefinement",
    "InvalidVerdict",
    "Problem",
    "UnknownReading",
    "WrongArgument",
]
