"""Somebody's own function, history JSON in and status out, held to the reference and the promises.

It may be a service, a port to another language, a spreadsheet. Histories of every outcome are drawn
and written as JSON. Where an answer departs from what follows, the smallest such history is shown,
and why it should be otherwise: one for each kind of departure. As a command, for a program that
answers line by line:

    python -m eligibility.testing.differential --reading messages=sent -- node port.js
"""

import argparse
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from eligibility.arguments import expect
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError
from eligibility.facts.model import History
from eligibility.rules import class_definition
from eligibility.target import definition_as_read
from eligibility.testing.conformance import Asking, Decider, Departure, Search
from eligibility.testing.known import named
from eligibility.testing.search import smallest
from eligibility.testing.subprocess_port import Port

if TYPE_CHECKING:
    import hypothesis


class Departed(AssertionError):
    """Departures from what follows. `departures` has the smallest of each kind."""

    def __init__(self, departures: Iterable[Departure]) -> None:
        self.departures = tuple(departures)
        super().__init__("\n\n".join(map(str, self.departures)))


def hold(
    decider: Decider,
    of: ClassDefinition | type[History] | None = None,
    *,
    errors: bool = False,
    settings: "hypothesis.settings | None" = None,
) -> None:
    """Fail if a function departs from what follows. The arguments are those of `find_departures`.

    >>> from eligibility import read_history
    >>> from eligibility import evaluate
    >>> hold(lambda text: evaluate(read_history(text)).status)

    Raises:
        Departed: with every kind of departure that was found.
    """
    departures = find_departures(decider, of, errors=errors, settings=settings)
    if departures:
        raise Departed(departures)


def find_departures(
    decider: Decider,
    of: ClassDefinition | type[History] | None = None,
    *,
    errors: bool = False,
    settings: "hypothesis.settings | None" = None,
) -> tuple[Departure, ...]:
    """Every kind of departure that turns up, each with the smallest history that shows it.

    Args:
        decider: takes a history as JSON text, and returns a `Status` or its value.
        of: the definition to compare with, De La Torre v. LinkedIn if none is given; or only a
            history model, for the promises that need no reference: to know more turns no decided
            answer, and the order of records none.
        errors: also send documents that are broken or inconsistent, which `decider` must refuse: by
            raising, or by returning `error`, or `error:` and the code.
        settings: Hypothesis's; those of the active profile if none are given. There is no deadline.

    >>> always = find_departures(lambda text: "indeterminate")
    >>> sorted(departure.kind for departure in always)
    ['indeterminate-for-eligible', 'indeterminate-for-ineligible']
    """
    expect(decider, Callable, "decider", "Pass a function of a history as JSON text.")
    expect(of, ClassDefinition | type[History] | None, "of")
    asking = Asking(decider, class_definition() if of is None else of)
    found: dict[str, Departure] = {}
    for search in asking.searches(found, errors=errors):
        if asking.is_lost:
            break
        while (departure := _another(search, found, settings)) is not None:
            found[departure.kind] = asking.simplest(departure)
    return (*found.values(), *asking.again())


def _another(
    search: Search, found: Iterable[str], settings: "hypothesis.settings | None"
) -> Departure | None:
    """The smallest departure of a kind that was not found yet, whichever turns up first."""
    drawn, shrink = search
    known, wanted = frozenset(found), set[str]()

    def is_wanted(departure: Departure | None) -> Departure | None:
        if departure is None or departure.kind in known:
            return None
        wanted.update({departure.kind} if not wanted else ())
        return departure if departure.kind in wanted else None

    return smallest(drawn.map(is_wanted), settings, "eligibility differential", shrink=shrink)


# ---- the command -------------------------------------------------------------------------------


def main(words: Sequence[str] | None = None) -> int:
    """The command: 0 if there is no departure, 1 if there are some; bad usage exits with 2."""
    import hypothesis  # noqa: PLC0415 - `draw` says so first where it is missing

    parser = _parser()
    given = parser.parse_args(words)
    if not given.command:
        parser.error("name the command to ask, after `--`")
    try:
        definition = definition_as_read(given.definition, given.reading)
    except EligibilityError as error:
        parser.error(str(error))
    settings = hypothesis.settings(max_examples=given.examples, database=None, derandomize=True)
    try:
        with Port(given.command, given.timeout) as port:
            departures = find_departures(port, definition, errors=given.errors, settings=settings)
    except OSError as error:
        parser.error(f"`{given.command[0]}` cannot be started: {error.strerror}.")
    counted = {0: "No departure", 1: "One kind of departure"}
    found = counted.get(len(departures), f"{len(departures)} kinds of departure")
    summary = f"{found} from {named(definition)}"
    lines = [*map(str, departures), summary, *([definition.notice] if definition.notice else [])]
    sys.stdout.write("\n\n".join(lines) + "\n")
    return 1 if departures else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eligibility.testing.differential",
        description="Hold a program that reads one history as JSON on each line, and writes one "
        "status on each, to the reference. Exit 0: no departure; 1: some; 2: bad usage.",
    )
    option = parser.add_argument
    option(
        "--reading",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="how a disputed term is read; once for each",
    )
    option("--definition", metavar="MODULE:NAME", help="another class definition")
    option(
        "--errors",
        action="store_true",
        help="also send what is to be refused, with a line `error`, or `error:` and the code",
    )
    option("--examples", type=_examples, default=200, metavar="N", help="histories of a kind (200)")
    option("--timeout", type=_seconds, default=10, metavar="SECONDS", help="for one line (10)")
    option("command", nargs="*", metavar="COMMAND", help="the program and its arguments, after --")
    return parser


def _examples(word: str) -> int:
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"`{word}` is no number of at least 1")
    return int(word)


def _seconds(word: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        seconds = 0
    if not 0 < seconds < threading.TIMEOUT_MAX:
        raise argparse.ArgumentTypeError(f"`{word}` is no number of seconds, more than 0")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
