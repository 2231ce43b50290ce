"""What is shared never changes, and still travels: to other processes, into sets, as copies."""

import copy
import pickle
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from enum import Enum
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import MappingProxyType
from typing import Any

import attrs
import pytest
from pydantic import BaseModel
from small_case import Visit

import eligibility
from eligibility import (
    CODES,
    AccountHistory,
    Citation,
    EligibilityError,
    InvalidHistory,
    Moment,
    Problem,
    TimeSet,
    Truth,
    evaluate,
    read_history,
    survey,
    verify,
)
from eligibility.audit.findings import FINDINGS
from eligibility.facts.shape import shape
from eligibility.history import Message
from eligibility.immutable import FrozenDict, freeze
from eligibility.linkedin import read_archive
from eligibility.rules import AS_ALLEGED, DIMENSIONS, EXCLUDED, READING_SOURCES, class_definition

OPEN = {
    "account_id": "FICTIONAL-1",
    "premium": [{"id": "p1", "plan": "premium_career", "start": "2022", "end": ".."}],
    "messages": [{"id": "m1", "sent_at": "2023", "source": "attested"}, {"inmail": True}],
    "permissions": [{"start": "2024-09", "end": None}],
    "exclusions": {"counsel": False},
    "complete": ["premium", "permissions"],
}


def history() -> AccountHistory:
    return AccountHistory.model_validate(OPEN)


def pickled(value: Any, protocol: int = pickle.DEFAULT_PROTOCOL) -> Any:
    return pickle.loads(pickle.dumps(value, protocol))  # noqa: S301 - bytes of our own


def every_module() -> Iterator[Any]:
    for found in walk_packages(eligibility.__path__, "eligibility."):
        if not found.name.endswith("__main__"):
            yield import_module(found.name)


def every_error(base: type[EligibilityError]) -> Iterator[type[EligibilityError]]:
    yield base
    for kind in base.__subclasses__():
        yield from every_error(kind)


MODULES = list(every_module())
ERRORS = sorted(set(every_error(EligibilityError)), key=lambda kind: kind.__name__)


EXPORT = Path(__file__).parent.parent / "examples" / "archive" / "ada-example-export.zip"


# ---- errors --------------------------------------------------------------------------------------

TRAVELS: list[Callable[[Any], Any]] = [
    *(lambda value, p=protocol: pickled(value, p) for protocol in range(6)),
    copy.copy,
    copy.deepcopy,
]


@pytest.mark.parametrize("travel", TRAVELS)
@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_an_error_arrives_as_it_left(
    kind: type[EligibilityError], travel: Callable[[Any], Any], count: int
) -> None:
    problem = Problem("missing", "account_id", "`account_id` is required.", "Add it.")
    error = kind([problem] * count)
    error.add_note("in file a.json")
    arrived = travel(error)
    assert type(arrived) is kind
    assert str(arrived) == str(error) == "\n".join([str(problem)] * count)
    assert arrived.problems == error.problems == (problem,) * count
    assert arrived.__notes__ == ["in file a.json"]


def test_an_error_comes_whole_from_a_pool_of_processes() -> None:
    with pytest.raises(InvalidHistory) as here:
        read_history('{"messages": 3}')
    with ProcessPoolExecutor(1) as pool:
        there = pool.submit(read_history, '{"messages": 3}').exception()
    assert isinstance(there, InvalidHistory)
    assert (str(there), there.problems) == (str(here.value), here.value.problems)
    assert len(there.problems) == 2


# ---- what is shared ------------------------------------------------------------------------------


def roots() -> dict[str, Any]:
    verdict = evaluate(history(), supposing=AS_ALLEGED)
    open_one = evaluate(history())
    decided = evaluate(AccountHistory(account_id="A", complete=("premium", "messages")))
    return {
        "verdict": open_one,
        "reasons": decided.reasons,
        "questions": open_one.questions,
        "scenarios": open_one.scenarios,
        "supposed": verdict,
        "definition": class_definition(),
        "stages": class_definition().normal_forms,
        "shape": shape(AccountHistory),
        "survey": survey(history()),
        "certificate": verify(history(), open_one.to_json()),
        "history": history(),
        "order": (Message.order, Message.exists_if, Visit.exists_if),
        "archive": read_archive(EXPORT),
        "codes": (CODES, FINDINGS, DIMENSIONS, READING_SOURCES, EXCLUDED),
    }


def parts_of(value: Any) -> Iterator[Any]:
    if isinstance(value, Enum | type):
        return
    if isinstance(value, Mapping):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, tuple | list | set | frozenset):
        yield from value
    elif isinstance(value, BaseModel):
        yield from (getattr(value, name) for name in type(value).model_fields)
    elif attrs.has(type(value)):
        names = [attribute.name for attribute in attrs.fields(type(value))]
        more = [name for name in dir(value) if not name.startswith("_")]
        for name in dict.fromkeys([*names, *more]):
            if name == "is_crossing":  # of spans alone, and yes or no
                continue
            part = getattr(value, name)
            if name in names or not callable(part):
                yield part


def reachable(value: Any) -> list[Any]:
    seen: dict[int, Any] = {}
    left = [value]
    while left:
        part = left.pop()
        if id(part) not in seen:
            seen[id(part)] = part
            left += parts_of(part)
    return list(seen.values())


#: Made anew for whoever asks: to change it changes nothing that is shared.
NEW_EACH_TIME = {("Survey", "counts")}


@pytest.mark.parametrize("name", roots())
def test_nothing_that_can_change_is_reached(name: str) -> None:
    root = roots()[name]
    if name == "survey":
        assert root.counts is not root.counts
        root = root.statuses
    found = reachable(root)
    plain = {bool, int, str, type(None)}
    for part in found:
        kind = type(part)
        if kind in plain or isinstance(part, type | Enum | frozenset | tuple | FrozenDict):
            continue
        if isinstance(part, BaseModel):
            assert part.model_config["frozen"], kind
            continue
        assert attrs.has(kind), f"{kind} is reached: {part!r}"
        first = attrs.fields(kind)[0].name
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(part, first, getattr(part, first))
    assert len(found) > 1


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (module.__name__, name)
        for module in MODULES
        for name in getattr(module, "__all__", ())
        if not callable(getattr(module, name))
    ],
)
def test_nothing_that_is_exported_can_be_changed(module: str, name: str) -> None:
    value = getattr(import_module(module), name)
    assert not isinstance(value, dict | list | set) or isinstance(value, FrozenDict)


@pytest.mark.parametrize("name", roots())
def test_all_of_it_is_hashable(name: str) -> None:
    root = roots()[name]
    for part in reachable(root.statuses if name == "survey" else root):
        assert hash(part) == hash(part)


@pytest.mark.parametrize("name", roots())
def test_it_travels_and_stays_equal(name: str) -> None:
    root = roots()[name]
    for arrived in (pickled(root), copy.copy(root), copy.deepcopy(root)):
        assert arrived == root
        assert hash(arrived) == hash(root)


def test_a_verdict_that_travelled_says_the_same() -> None:
    verdict = evaluate(history(), supposing=AS_ALLEGED)
    arrived = pickled(verdict)
    assert arrived.to_json() == verdict.to_json()
    assert arrived.definition.digest == verdict.definition.digest
    assert arrived != evaluate(history())
    assert evaluate(history()) == evaluate(history())


def test_what_a_caller_changes_afterwards_changes_no_definition() -> None:
    words = {"messages": "sent"}
    definition = attrs.evolve(class_definition(), reading=words)
    words["messages"] = "received"
    assert definition.reading == {"messages": "sent"}


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.__setitem__("messages", "X"),
        lambda d: d.__delitem__("messages"),
        lambda d: d.update(messages="X"),
        lambda d: d.setdefault("more", "X"),
        lambda d: d.pop("messages"),
        lambda d: d.popitem(),
        lambda d: d.clear(),
        lambda d: d.__ior__({"messages": "X"}),
    ],
)
def test_a_frozen_mapping_refuses_every_change(change: Callable[[Any], Any]) -> None:
    reading = class_definition().reading
    before = dict(reading)
    with pytest.raises(TypeError, match="never changes"):
        change(reading)
    assert reading == before
    assert class_definition().reading == before


def test_a_frozen_mapping_copies_as_itself() -> None:
    reading = class_definition().reading
    assert copy.copy(reading) is copy.deepcopy(reading) is reading
    assert pickled(reading) == reading
    assert type(pickled(reading)) is FrozenDict


def test_what_a_frozen_mapping_cannot_hash_it_names() -> None:
    with pytest.raises(TypeError, match="unhashable type: 'list'"):
        hash(FrozenDict(a=[]))


@pytest.mark.parametrize(
    ("value", "frozen"),
    [
        ({"a": {"b": [1, {2}]}}, FrozenDict(a=FrozenDict(b=(1, frozenset({2}))))),
        (MappingProxyType({"a": []}), FrozenDict(a=())),
        (FrozenDict(a=1), FrozenDict(a=1)),
        ("words", "words"),
    ],
)
def test_freezing_goes_all_the_way_down(value: Any, frozen: Any) -> None:
    assert freeze(value) == frozen
    assert type(freeze(value)) is type(frozen)
    assert hash(freeze(value)) == hash(frozen)


def test_a_record_that_is_exported_declares_nothing_that_can_change() -> None:
    for module in MODULES:
        for name in getattr(module, "__all__", ()):
            kind = getattr(module, name)
            if isinstance(kind, type) and attrs.has(kind):
                for attribute in attrs.fields(kind):
                    words = str(attribute.type).removeprefix("typing.")
                    assert not words.startswith(("dict", "list", "set[")), (name, attribute.name)


def test_values_of_the_notation_travel() -> None:
    for value in (Moment.parse("2024"), TimeSet.ALL, Truth.UNKNOWN, Citation("Order", "words")):
        assert pickled(value) == value


def test_this_file_sees_every_module() -> None:
    files = list(Path(str(eligibility.__file__)).parent.rglob("*.py"))
    assert len(MODULES) >= len([file for file in files if not file.stem.startswith("__")])
