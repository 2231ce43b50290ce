"""Pydantic's errors as problems with stable codes, in our words."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from eligibility.arguments import described
from eligibility.errors import Problem, shown
from eligibility.facts.paths import place_in_data

#: The way to a value: keys and indexes.
Way: TypeAlias = tuple[str | int, ...]

_CODES: Final = {
    "extra_forbidden": "unknown-key",
    "missing": "missing",
    "literal_error": "not-in-vocabulary",
    "enum": "not-in-vocabulary",
    "string_too_long": "too-long",
    "string_too_short": "too-short",
    "string_unicode": "not-unicode",
    "json_invalid": "malformed-json",
    "frozen_instance": "never-changes",
}
#: What must stand there, and how it is written, by pydantic's name of the error.
_TYPES: Final = {
    "string_type": ("a text", "Write it in quotes."),
    "bool_type": ("true or false", "Write true or false, without quotes."),
    "int_type": ("a whole number", "Write it without quotes and without a point."),
    "tuple_type": ("a list", "Write it in square brackets."),
    "model_type": ("an object", 'Write it in braces, such as `{"id": "m1"}`.'),
    "model_attributes_type": ("an object", 'Write it in braces, such as `{"id": "m1"}`.'),
    "dict_type": ("an object", 'Write it in braces, such as `{"id": "m1"}`.'),
}
#: How JSON writes what Python writes otherwise.
_BOOLS: Final = {"True": "true", "False": "false", "True or False": "true or false"}
#: What is wrong, by code: with the `key`, what was `given`, and the context that pydantic gives.
_MESSAGES: Final = {
    "unknown-key": "`{key}` is no key that can stand here.",
    "missing": "`{key}` is required.",
    "never-changes": "`{key}` cannot be set: a history never changes.",
    "not-in-vocabulary": "`{given}` is not one of these: {expected}.",
    "too-long": "This text is longer than {max_length} characters.",
    "too-short": "This text must have {min_length} or more characters.",
    "not-unicode": "This text holds half of a character.",
    "malformed-json": "The text stops being JSON at {place}.",
}
#: What to do about a text that is not JSON from some place on.
NEAR_BY: Final = "Check the quotation marks, commas and brackets just before it."
#: The way out, by code, where it is always the same.
HINTS: Final = {
    "unknown-key": "Remove it, or correct its name.",
    "missing": "Add it.",
    "not-in-vocabulary": "Write one of them, or leave it out if it is not known.",
    "too-long": "Shorten it.",
    "too-short": "Write more, or leave it out if it is not known.",
    "malformed-json": NEAR_BY,
    "not-unicode": "Write the text as whole Unicode characters.",
    "never-changes": "Make another, such as `refine(history, {path: value})`.",
    "too-many-statements": "State what matters in one or two of them.",
    "no-word": "Write one word, several in a list, or leave it out if it is not known.",
    "duplicate-id": "Give each record of a list an id of its own, or none.",
}


def problems_of(
    error: ValidationError, takes_null: Callable[[Way], bool] = lambda _: False
) -> list[Problem]:
    """A pydantic error as problems with stable codes; `takes_null` says where null is a way out."""
    return [_problem(dict(each), takes_null) for each in error.errors(include_url=False)]


def _problem(each: dict[str, Any], takes_null: Callable[[Way], bool]) -> Problem:
    kind, given = each["type"], each.get("input")
    code = _CODES.get(kind) or (kind if "-" in kind else "wrong-type")
    words = each["msg"]
    if kind in _CODES:
        ctx = each.get("ctx", {})
        place = str(ctx.get("error", "")).rpartition(" at ")[2]
        key = shown(each["loc"][-1]) if each["loc"] else ""
        ctx |= {"expected": _BOOLS.get(ctx.get("expected", ""), ctx.get("expected", ""))}
        named = shown(given)
        named = _BOOLS.get(named, named)
        words = _MESSAGES[code].format(key=key, given=named, place=place, **ctx)
    elif kind in _TYPES:
        words = f"This must be {_TYPES[kind][0]}, not {_told(given)}."
    elif not words.endswith("."):
        words += "."
    hint = HINTS.get(code, "")
    if code == "not-in-vocabulary" and (meant := _meant(given, each["ctx"]["expected"])):
        hint = f'Write `"{meant}"`, a text in quotes.'
    if code == "wrong-type":
        null = "Leave out what is not known, or write null."
        hint = _TYPES.get(kind, ("", ""))[1]
        hint = f"{hint} {null}".strip() if takes_null(each["loc"]) else hint
    return Problem(code, place_in_data(each["loc"]), words, hint)


def _meant(given: object, expected: str) -> str:
    """The word of a vocabulary that somebody wrote otherwise; empty, if it is none."""
    plain = shown(given).strip().casefold().replace(" ", "_").replace("-", "_")
    return plain if f"'{plain}'" in expected else ""


def _told(given: object) -> str:
    """What stands in a JSON text, by JSON's words."""
    if isinstance(given, dict | list | tuple):
        return "an object" if isinstance(given, dict) else "a list"
    written = {None: "null", True: "`true`", False: "`false`"}
    if given is None or isinstance(given, bool):
        return written[given]
    return described(given)
