"""Missing-facts torture: thousands of histories, each with what follows from it and no more.

A history, and the same history with a fact forgotten: the status may become indeterminate, and
never anything else. The cases are data, JSON lines in the package, so that any engine in any
language can be held to them; `run` does it for a Python function. Statuses and truths in the file
were counted world by world, by a program that shares nothing with this library.
"""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from importlib.resources import files
from typing import Any, Final

from attrs import field, frozen

from eligibility.arguments import expect

_FILE: Final = "missing_facts.jsonl.gz"
_SHOWN: Final = 10


@frozen
class Case:
    """One history under one reading, and what follows.

    `history` is JSON as the library reads it, and `reading` says how each disputed term is read.
    `clauses` says for each of the five clauses whether some one message meets it and all before it:
    `true`, `false` or `unknown`. `parent` is the id of the case of which the facts at the paths
    `forgotten` were known as well; None if nothing was forgotten. `why` says it in words.
    """

    id: str
    parent: str | None
    forgotten: tuple[str, ...] = field(converter=tuple)
    why: str
    status: str
    clauses: Mapping[str, str]
    reading: Mapping[str, str]
    history: dict[str, Any]


class Kind(Enum):
    """How an answer departs from what follows."""

    WRONG = "wrong"
    """Eligible or ineligible, where that does not follow: the unforgivable one."""
    UNDECIDED = "undecided"
    """Indeterminate, where it is decided."""
    RAISED = "raised"
    """No status: an error, or something else than one of the three words."""


@frozen
class WrongCase:
    """A case in which someone's function departs, how, and what it said."""

    case: Case
    kind: Kind
    said: str

    def __str__(self) -> str:
        """One line: the case, what was said, and what follows and why."""
        case = self.case
        return f"{self.kind.value} {case.id}: {self.said}, but it is {case.status}. {case.why}"


@frozen
class Report:
    """How many cases were run, and those in which the function departs."""

    cases: int
    departures: tuple[WrongCase, ...]

    def count(self, kind: Kind) -> int:
        """How many departures are of a kind."""
        return Counter(departure.kind for departure in self.departures)[kind]

    def __str__(self) -> str:
        """The counts, and the first departures, the wrong ones before all others."""
        right = self.cases - len(self.departures)
        counts = ", ".join(f"{self.count(kind)} {kind.value}" for kind in Kind)
        order = list(Kind)
        worst = sorted(self.departures, key=lambda departure: order.index(departure.kind))
        more = [f"and {len(worst) - _SHOWN} more"] if len(worst) > _SHOWN else []
        lines = [f"{self.cases} cases: {right} right, {counts}", *map(str, worst[:_SHOWN]), *more]
        return "\n".join(lines)


def cases() -> Iterator[Case]:
    """Every case, each history followed by what is left of it when facts are forgotten.

    >>> first = next(cases())
    >>> first.id, first.status, first.parent
    ('golden-001', 'indeterminate', None)
    """
    data = (files("eligibility.testing") / _FILE).read_bytes()
    for line in gzip.decompress(data).decode().splitlines():
        yield Case(**json.loads(line))


def run(
    decider: Callable[[dict[str, Any], dict[str, str]], str], among: Iterable[Case] | None = None
) -> Report:
    """Ask a function for the status of every case, and say where it departs.

    The function takes a history and a reading, both as JSON has them, and returns `eligible`,
    `ineligible` or `indeterminate`. If it cannot read all cases, say `among` which to ask.

    >>> report = run(lambda history, reading: "indeterminate")
    >>> report.count(Kind.WRONG), report.count(Kind.UNDECIDED) > 1000
    (0, True)
    """
    expect(decider, Callable, "decider", "Pass a function of a history and a reading, as dicts.")
    sent = tuple(cases() if among is None else among)
    found = (_departure(decider, case) for case in sent)
    return Report(len(sent), tuple(departure for departure in found if departure))


def _departure(
    decider: Callable[[dict[str, Any], dict[str, str]], str], case: Case
) -> WrongCase | None:
    try:
        said = decider(case.history, dict(case.reading))
    except Exception as error:  # noqa: BLE001 - whatever it raises is reported, and the rest still runs
        return WrongCase(case, Kind.RAISED, f"it raised {type(error).__name__}: {error}")
    if said == case.status:
        return None
    if said == "indeterminate":
        return WrongCase(case, Kind.UNDECIDED, "it said indeterminate")
    if said in ("eligible", "ineligible"):
        return WrongCase(case, Kind.WRONG, f"it said {said}")
    return WrongCase(case, Kind.RAISED, f"it said {said!r}, which is no status")
