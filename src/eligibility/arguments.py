"""What a function or a record was given is of the kind that it takes, or it is said what to pass.

Records check themselves when they are made: `@frozen(field_transformer=checked)` holds each field
to its annotation, all of them at once. Functions ask `expect`.
"""

import sys
import types
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import attrs

from eligibility.errors import Problem, WrongArgument, shown
from eligibility.immutable import FrozenDict

Test = Callable[[object], bool]

#: What to pass, by the name of the kind; of others their name says it.
_PASS: Final = FrozenDict(
    {
        "AllOf": "Write a condition such as `Is(path, True)`; `all_of` and `any_of` join several.",
        "Citation": 'Write `Citation("Order of 2 May, p. 3", "the words")`.',
        "ClassDefinition": (
            "Of a reading of this case, `rules.class_definition(reading)` makes one."
        ),
        "Clause": "Write `Clause(id, text, citation, condition)`.",
        "History": "`read_history(text)` makes one of JSON, `AccountHistory(...)` of Python data.",
        "Is": "Write `Is(path, values)`.",
        "Mapping": "Write a dict.",
        "Moment": 'Write `Moment.parse("2024-09-17")`.',
        "Problem": "Write `Problem(code, path, message, hint)`.",
        "Supposition": "That of this case is `rules.AS_ALLEGED`; without one, leave it out.",
        "TimeSet": "Write `TimeSet.of((first, last))`, `TimeSet.before(instant)` or a `Moment`.",
        "Truth": "Write `Truth.of(value)`.",
        "int": (
            "Instants are UTC microseconds: `Moment.parse(text).earliest` and `.latest` are some."
        ),
    }
)


def wrong(path: str, takes: str, value: object, hint: str = "") -> WrongArgument:
    """That an argument is not what is taken there."""
    words = f"`{path}` takes {takes}, not {described(value)}."
    return WrongArgument([Problem("wrong-argument", path, words, hint)])


def expect(value: object, kind: Any, path: str, hint: str = "") -> None:
    """Refuse a value that is not of a kind, such as `History`, `type[History]` or `str | None`.

    Raises:
        WrongArgument: `wrong-argument`, with what to pass.
    """
    if not _test(kind)(value):
        raise wrong(path, words_of(kind), _unfit(kind, value), hint or _hint(kind))


def checked(_record: type, fields: list[Any]) -> list[Any]:
    """Have a record hold all of its fields to their annotations, once all of them are set."""
    *others, last = (each for each in fields if each.init)
    rest = [each for each in fields if not each.init]
    return [*others, last.evolve(validator=_all_fit), *rest]


def _all_fit(record: Any, _attribute: object, _value: object) -> None:
    tests = _tests(record.__class__)
    for name, _, test in tests:
        if not test(getattr(record, name)):
            break
    else:
        return
    problems = [
        problem
        for name, kind, test in tests
        if not test(getattr(record, name))
        for problem in wrong(
            f"{type(record).__name__}.{name}",
            words_of(kind),
            _unfit(kind, getattr(record, name)),
            _hint(kind),
        ).problems
    ]
    raise WrongArgument(problems)


@lru_cache(maxsize=256)
def _tests(record: type) -> tuple[tuple[str, Any, Test], ...]:
    written = {each.name: each.type for each in attrs.fields(record) if each.init}
    names = vars(sys.modules[record.__module__])  # for what is written as text, as `Condition` is
    kinds = get_type_hints(types.SimpleNamespace(__annotations__=written), names)
    return tuple((name, kind, _test(kind)) for name, kind in kinds.items())


@lru_cache(maxsize=256)
def _test(kind: Any) -> Test:
    """Whether a value is of a kind, as an annotation writes it."""
    origin, args = get_origin(kind), get_args(kind)
    if kind is Any:
        return lambda _: True
    if origin in (Union, types.UnionType):
        if all(type(each) is type and each is not int for each in args):
            return lambda value: isinstance(value, args)
        tests = [_test(each) for each in args]
        return lambda value: any(test(value) for test in tests)
    if origin is tuple and args[-1] is not Ellipsis:
        tests = [_test(each) for each in args]
        return lambda value: (
            isinstance(value, tuple)
            and len(value) == len(tests)
            and all(test(each) for test, each in zip(tests, value, strict=True))
        )
    if origin in (tuple, frozenset):
        inner = _test(args[0])
        return lambda value: isinstance(value, origin) and all(map(inner, value))
    if origin is type:
        return lambda value: isinstance(value, type) and issubclass(value, args[0])
    if origin is not None:  # a mapping
        key, inner = _test(args[0]), _test(args[1])
        return lambda value: (
            isinstance(value, Mapping) and all(map(key, value)) and all(map(inner, value.values()))
        )
    if kind is int:
        return lambda value: isinstance(value, int) and not isinstance(value, bool)
    return lambda value: isinstance(value, kind)


def _unfit(kind: Any, value: object) -> object:
    """The part of a value that does not fit, where it is one of several."""
    if get_origin(kind) in (tuple, frozenset) and isinstance(value, tuple | frozenset):
        inner = _test(get_args(kind)[0])
        return next((each for each in value if not inner(each)), value)
    return value


def words_of(kind: Any) -> str:
    """A kind in words.

    >>> words_of(tuple[str, ...])
    'a list, each a text'
    """
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        named = [words_of(each) for each in args if each is not type(None)]
        return " or ".join(named) if len(named) < 4 else "a condition"
    if origin is tuple and args[-1] is not Ellipsis:
        return f"a tuple of {len(args)}: {', '.join(map(words_of, args))}"
    if origin in (tuple, frozenset):
        return f"a list, each {words_of(args[0])}"
    if origin is type:
        return f"a class, `{args[0].__name__}` or one made of it"
    if origin is not None:
        return f"a mapping of {words_of(args[0])} to {words_of(args[1])}"
    plain = {str: "a text", bytes: "bytes", int: "a whole number", bool: "True or False"}
    return plain.get(kind, f"a `{getattr(kind, '__name__', 'value')}`")


def described(value: object) -> str:
    """What somebody passed, in words, with their own in backticks.

    >>> described("as-alleged"), described(None), described(5)
    ('the text `as-alleged`', 'None', 'the number `5`')
    """
    if value is None or isinstance(value, bool):
        return f"{value}"
    if isinstance(value, str):
        return f"the text `{shown(value)}`" if value else "an empty text"
    if isinstance(value, int | float):
        return f"the number `{shown(value)}`"
    if isinstance(value, type):
        return f"the class `{value.__name__}`: pass one that was made of it"
    return f"a `{type(value).__name__}`"


def _hint(kind: Any) -> str:
    names = [getattr(each, "__name__", "") for each in (get_origin(kind), kind, *get_args(kind))]
    return next((_PASS[name] for name in names if name in _PASS), "")


def several(value: Any) -> Any:
    """A tuple of what was passed as a list, one after the other, or as one alone.

    A set is left to be refused: it has no order, and what is made of it would vary.
    """
    if isinstance(value, list | Iterator):
        return tuple(value)
    return (value,) if attrs.has(type(value)) else value
