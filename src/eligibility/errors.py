"""What can be wrong, with stable codes, paths and a way out.

Every error that a user can cause is an `EligibilityError` and carries *all* the problems that
were found, each as a `Problem`. Codes are API; sentences are not.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from attrs import field, frozen

from eligibility.immutable import FrozenDict

#: All but ASCII, of which `json` escapes what is no character, and the line breaks of an indent.
_NOT_PLAIN: Final = re.compile(r"[^\n\x20-\x7e]+")

#: Where Python keeps what it has no words for: another place each time.
_ADDRESS: Final = re.compile(r" at 0x[0-9A-Fa-f]+")

#: How many problems of one history are listed; the others are counted.
MOST_PROBLEMS: Final = 100

#: Every code a problem can have, and what it means. The reference page is checked against it.
#: Codes of the archive reader stand in `eligibility.linkedin`.
CODES: Final[Mapping[str, str]] = FrozenDict(
    {
        "malformed-json": "The text is not JSON.",
        "duplicate-key": "A JSON object says the same key twice.",
        "too-deep": "The JSON is nested deeper than any history is.",
        "too-large": "The input is larger than the limit.",
        "too-many-records": "A history has more records, or values in one place, than the limit.",
        "more-problems": "There are more problems than are listed.",
        "not-a-number": "NaN and Infinity are not JSON.",
        "not-unicode": "A text holds half a surrogate pair or is not UTF-8.",
        "not-readable": "A file could not be opened.",
        "not-writable": "A file could not be written.",
        "unknown-key": "The model has no such key.",
        "missing": "A required key is absent.",
        "wrong-type": "A value has another type than the key takes.",
        "not-in-vocabulary": "A value is not one of the closed list that the key takes.",
        "too-long": "A text is longer than the key takes.",
        "too-short": "A text is shorter than the key takes.",
        "never-changes": "A history, once it is made, is as it is; another can be made of it.",
        "duplicate-id": "Two records of one list have the same id.",
        "unknown-zone": "The time zone is not an IANA name.",
        "no-word": "A list of words names none: say which ones are possible.",
        "unknown-list": "`complete` names a list that the history does not have.",
        "too-many-statements": "What is stated of one list is more than can be combined.",
        "moment-notation": "A moment is not written in the notation.",
        "date-format": (
            "A date is written as only the caller can read it: say how, `--date-format`. "
            "If that is said, this date is written otherwise."
        ),
        "number-unit": (
            "A number counts what only the caller can know: say it, `--number-unit`. "
            "Days that a spreadsheet counts are written as dates."
        ),
        "moment-qualifier": "Seasons, `~`, `?` and `%` are not taken: bounds say it exactly.",
        "moment-calendar": "The calendar has no such day or time of day.",
        "moment-range": "A moment lies outside the years 1900 to 2200.",
        "moment-order": "The earlier bound of a moment lies after its later bound.",
        "moment-naive": "A Python `datetime` does not say its zone.",
        "moment-gap": "Daylight saving skips this local time.",
        "not-an-interview": "The text is no interview that was saved, or is about another class.",
        "no-question": "An interview has ended, or a reply is to another question than it asks.",
        "no-such-answer": "A question has no such answer.",
        "inconsistent": "No world fits the history: what is said contradicts itself.",
        "wrong-model": (
            "A history is of another model than the definition or supposition speaks of."
        ),
        "unknown-path": "A path names nothing in the history or its model.",
        "not-a-refinement": "A new value would contradict or widen what is known.",
        "not-a-definition": "A name that was given leads to no class definition.",
        "definition-path": (
            "A condition speaks of a path that it cannot take, or that there is not."
        ),
        "definition-model": "A history model contradicts itself, or has a shape that is not read.",
        "definition-value": "A condition asks for a value that the path never has.",
        "definition-duplicate": "Two clauses or exclusions have the same id.",
        "definition-uncited": "A clause names no source.",
        "definition-impossible": "No history can meet the condition.",
        "definition-empty": "A definition needs at least one clause.",
        "definition-too-deep": "Conditions are nested deeper than the limit.",
        "definition-too-large": "A definition can be met in more ways than the limit.",
        "outside-fragment": "A clause keeps evaluation from being exact; it is still sound.",
        "unknown-reading": "A reading has no such dimension or value.",
        "wrong-argument": "An argument is of another kind than a function or a record takes.",
        "unknown-supposition": "No supposition has this name.",
        "query-parameter": "The query of a request says what the path does not take.",
        "wrong-method": "A path of the API takes another method of HTTP.",
        "server-failed": "A request met a fault of the server's own.",
        "not-compilable": "A clause keeps a definition from being decided by one SQL statement.",
        "unknown-dialect": "The statement is not offered in this dialect of SQL.",
        "name-too-long": "A name in the statement is longer than the engine keeps.",
        "unknown-engine": "There is no such engine for tables.",
        "engine-failed": "An engine could not start, or could not run to its end.",
        "memory-limit": "A limit of memory is no size, or too small to start with.",
        "missing-table": "There is no table of accounts.",
        "unknown-table": "The history model has no such list.",
        "duplicate-table": "A table is there in two kinds of file.",
        "unknown-column": "A table has no place for this column.",
        "duplicate-column": "Two columns of a table have one name.",
        "input-option": "What is said of how tables are written cannot be meant.",
        "no-accounts": "An input holds no account at all.",
        "unknown-account": (
            "A record belongs to an account that the table of accounts does not have."
        ),
        "held-back": (
            "A record that may be this account's belongs to no account; the account waits."
        ),
        "duplicate-account": "An account stands more than once: none of its rows is decided.",
        "another-run": "The folder holds the results of another run, or of another input.",
        "not-ours": "A folder for results, or a name in it, is taken by what no run has made.",
        "output-is-input": "The folder for results is the input, holds it, or lies in it.",
        "folder-in-use": "Another run is at work in the folder.",
        "not-lockable": "The file system does not let a folder be kept for one run.",
        "damaged-run": "What a run keeps of itself is missing, has changed, or is of another run.",
        "input-changed": "The input changed while it was read.",
        "disk-full": "A run stopped because the disk is full; what is finished is kept.",
        "stopped": "A run was stopped; what is finished is kept.",
        "cut-short": "A run stopped because a file could not be read or written to its end.",
        "missing-extra": "A library of an extra is not installed.",
        "web-input-missing": "A file that the page is made of could not be fetched.",
        "web-input-differs": "A file that the page is made of is not the one that was pinned.",
        "web-definition-imports": "A definition for the page imports what the page does not hold.",
        "accounts-lost": "The accounts of a run do not add up; nothing is said to be decided.",
    }
)


def printable(words: str) -> str:
    r"""A text with everything that is not plain printable text spelt out.

    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    if words.isprintable():
        return words
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in words)


def _text(words: str) -> str:
    if not isinstance(words, str):
        hint = "Write `Problem(code, path, message, hint)`, all of it texts."
        message = f"A problem is made of texts, not of a `{type(words).__name__}`."
        raise WrongArgument([Problem("wrong-argument", "Problem", message, hint)])
    return printable(words)


@frozen
class Problem:
    """One thing that is wrong: a stable code, where, what, and the way out, as printable text.

    >>> str(Problem("missing", "account_id", "`account_id` is required.", "Give any id."))
    'account_id: `account_id` is required. Give any id. [missing]'
    """

    code: str = field(converter=_text)
    path: str = field(converter=_text)
    message: str = field(converter=_text)
    hint: str = field(default="", converter=_text)

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        hint = f" {self.hint}" if self.hint else ""
        return f"{where}{self.message}{hint} [{self.code}]"


def first_of(problems: Iterable[Problem]) -> list[Problem]:
    """The first hundred problems, and how many more there are.

    >>> first_of([Problem("missing", "account_id", "")] * 101)[-1].message
    'There is 1 more problem.'
    """
    found = list(problems)
    more = len(found) - MOST_PROBLEMS
    if more <= 0:
        return found
    words = f"There are {more:,} more problems." if more > 1 else "There is 1 more problem."
    return [*found[:MOST_PROBLEMS], Problem("more-problems", "", words, "Mend these first.")]


def _problems(given: object) -> tuple[Problem, ...]:
    """All that an error is made of; of one problem, that one."""
    made = (given,) if isinstance(given, Problem) else given
    made = tuple(made) if isinstance(made, Iterable) and not isinstance(made, str) else (None,)
    if all(isinstance(each, Problem) for each in made):
        return made
    words = f"An error is made of problems, each a `Problem`, not of a `{type(given).__name__}`."
    hint = "Write `Problem(code, path, message, hint)`."
    raise WrongArgument([Problem("wrong-argument", "problems", words, hint)])


class EligibilityError(Exception):
    """Something the caller can mend. `problems` has all that was found, never only the first."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems = _problems(problems)
        super().__init__(self.problems)  # what it is made of: so it pickles and copies as it is

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class WrongArgument(EligibilityError, TypeError):
    """An argument of another kind than is taken there; it says what to pass."""


class InvalidMoment(EligibilityError, ValueError):
    """A moment that cannot be read."""


class InvalidHistory(EligibilityError, ValueError):
    """A history that does not fit its model."""


class InvalidVerdict(EligibilityError, ValueError):
    """A verdict document that does not fit the contract of verdicts."""


class InconsistentHistory(EligibilityError, ValueError):
    """A history that no world fits, with the paths of what clashes."""


class InvalidRefinement(EligibilityError, ValueError):
    """A refinement that says something else instead of something more."""


class InvalidDefinition(EligibilityError, ValueError):
    """A class definition that cannot mean what it says."""


class UnknownReading(EligibilityError, ValueError):
    """A reading or supposition that the rules do not have."""


class ArchiveError(EligibilityError):
    """An export archive that cannot be read at all."""


def way_to_install(extra: str) -> str:
    """How to install an extra: from a clone. On a package index, the name may be anybody's.

    >>> way_to_install("batch")
    "In a clone of eligibility, run: pip install '.[batch]'"
    """
    return f"In a clone of eligibility, run: pip install '.[{extra}]'"


def json_text(data: Any, *, indent: int | None = None) -> str:
    r"""Data as JSON text that no terminal obeys and no reader of lines is torn by.

    Whatever is not plain printable text is escaped: controls, DEL, line separators, marks of
    direction, zero widths. It is the same data when it is read.

    >>> json_text({"id": "a\x9b\u202e\u2028b"})
    '{"id": "a\\u009b\\u202e\\u2028b"}'
    """
    return escaped(json.dumps(data, ensure_ascii=False, indent=indent))


def escaped(text: str) -> str:
    """JSON text with whatever is not plain printable text escaped, but for its line breaks."""
    if text.isascii() and "\x7f" not in text:
        return text  # of ASCII, JSON text itself has escaped all other controls
    return _NOT_PLAIN.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return "".join(
        c if c.isprintable() else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else json.dumps(c)[1:-1]
        for c in found[0]
    )


def shown(given: object, most: int = 40) -> str:
    r"""At most so many characters of what the user gave, as plain printable text.

    >>> shown("half a pair: \ud800"), shown(5), shown(10**5000)
    ('half a pair: \\ud800', '5', 'too long to write out')
    >>> shown(object())
    '<object object>'
    """
    try:
        words = given if isinstance(given, str) else _ADDRESS.sub("", str(given))
    except ValueError:  # Python writes no number of more digits than it reads
        words = "too long to write out"
    return printable(words if len(words) <= most else words[: most - 1] + "…")
