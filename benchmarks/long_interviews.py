"""A long search for somebody whose interview does not end in the verdict on all that they know.

    python benchmarks/long_interviews.py --people 1000 --kind drawn --seed 1

People are drawn, each with what they know: worlds of histories of every outcome, under readings of
De La Torre v. LinkedIn, the second case, or invented definitions over three models. Some know only
part of a list: all messages of a year, and none of another. Whoever is lost is printed, shrunk.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests" / "helpers"), str(ROOT / "examples" / "second_case")]

from flo import FloHistory, flo_class  # noqa: E402 - the path is set above
from hypothesis import HealthCheck, given, seed, settings  # noqa: E402 - the path is set above
from hypothesis import strategies as st  # noqa: E402 - the path is set above
from small_case import Club  # noqa: E402 - the path is set above

from eligibility import AccountHistory, Status, evaluate  # noqa: E402 - the path is set above
from eligibility.facts.paths import pattern  # noqa: E402 - the path is set above
from eligibility.facts.shape import shape  # noqa: E402 - the path is set above
from eligibility.interview import Interview  # noqa: E402 - the path is set above
from eligibility.rules import AS_ALLEGED, class_definition, every_reading  # noqa: E402 - the path is set above
from eligibility.testing.interview_laws import kinds  # noqa: E402 - the path is set above
from eligibility.testing.search import outcomes  # noqa: E402 - the path is set above
from eligibility.testing.strategies import definitions, worlds  # noqa: E402 - the path is set above
from eligibility.testing.truthful import Truthful  # noqa: E402 - the path is set above
from eligibility.values.timeline import EARLIEST, LATEST  # noqa: E402 - the path is set above

KINDS = {
    "linkedin": st.sampled_from([class_definition(each) for each in every_reading()]),
    "flo": st.booleans().map(lambda california: flo_class(california=california)),
    "drawn": st.one_of(definitions(AccountHistory), definitions(FloHistory), definitions(Club)),
}
MOST_QUESTIONS = 100


def parts_of(world: Any, unknown: set[str], data: st.DataObject) -> dict[str, Any]:
    """Of some lists, the bounds of a moment within which alone they know the records."""
    parts: dict[str, Any] = {}
    for name, list_shape in shape(type(world)).lists.items():
        keys = [k for k in list_shape.moments if k not in list_shape.record.exists_if]
        keys = [key for key in keys if pattern(name, key) not in unknown]
        if keys and data.draw(st.booleans()):
            key = data.draw(st.sampled_from(keys))
            ends = [getattr(record, key).earliest for record in getattr(world, name)]
            bounds = st.sampled_from([EARLIEST, *ends, LATEST])
            parts[name] = {key: tuple(sorted((data.draw(bounds), data.draw(bounds))))}
    return parts


def interviewed(data: st.DataObject, kind: str, seen: Counter[str]) -> None:
    """One person, to the end."""
    definition = data.draw(KINDS[kind])
    nothing = st.just(definition.model(account_id="A-1001"))
    world = data.draw(worlds(data.draw(st.one_of(nothing, *outcomes(definition))), definition))
    unknown = data.draw(st.sets(st.sampled_from(kinds(definition.model)), max_size=3))
    person = Truthful(world, definition, frozenset(unknown), parts_of(world, unknown, data))
    # lists that are supposed to be complete are not asked about: whoever is of another world is not
    # whom the supposition speaks of
    may_be = definition.model is AccountHistory and not any(
        getattr(world, name) for name in AS_ALLEGED.complete
    )
    supposing = AS_ALLEGED if may_be and data.draw(st.booleans()) else None
    begun = definition.model(account_id=world.account_id, time_zone=world.time_zone)
    interview = Interview.start(begun, definition, supposing=supposing)
    while interview.question is not None:
        interview = person.reply(interview)
        assert len(interview.replies) < MOST_QUESTIONS
    status = interview.verdict.status
    known = evaluate(person.known, definition, supposing=supposing).status
    seen[status.value] += 1
    said = [(reply.text, reply.date or reply.chosen) for reply in interview.replies]
    assert known in (status, Status.INDETERMINATE), (known, status, said, person)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--kind", choices=[*KINDS], default="linkedin")
    parser.add_argument("--seed", type=int, default=0)
    asked, seen = parser.parse_args(), Counter[str]()
    some = settings(
        max_examples=asked.people,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    some(seed(asked.seed)(given(st.data())(lambda data: interviewed(data, asked.kind, seen))))()
    print(f"{sum(seen.values())} people, {asked.kind}, seed {asked.seed}: {dict(seen)}")


if __name__ == "__main__":
    main()
