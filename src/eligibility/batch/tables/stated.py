"""Statements of completeness with conditions, of each account, as JSON in a column.

A text holds what `complete` of a history holds, without the names of whole lists, for which there
are the columns `complete_...`: `[{"list": "messages", "where": {"inmail": true}}]`.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl
from pydantic import ValidationError

from eligibility.errors import EligibilityError
from eligibility.facts.completeness import CompletenessStatement
from eligibility.facts.fields import zoned
from eligibility.facts.problems import problems_of
from eligibility.facts.read import parse_json
from eligibility.facts.shape import ListShape
from eligibility.facts.statements import read_statements, unlisted_boxes
from eligibility.values.timeline import COURT_ZONE

_READ: Final = pl.Struct({"text": pl.String, "code": pl.String})


def text_of(complete: Iterable[Any]) -> str:
    """The statements with conditions of a history, as the column holds them; empty of none."""
    stated = [each.plain() for each in complete if isinstance(each, CompletenessStatement)]
    return json.dumps(stated, ensure_ascii=False) if stated else ""


def plain_of(text: str) -> list[Any]:
    """What a text of the column says, as `complete` of a history takes it."""
    return json.loads(text) if text else []


def says_something_of(name: str, text: pl.Expr) -> pl.Expr:
    """Whether a text states something of a list, or may."""
    return text.str.contains(json.dumps(name, ensure_ascii=False), literal=True)


def stated(text: pl.Expr, zone: pl.Expr, lists: Mapping[str, ListShape]) -> pl.Expr:
    """The texts as `text_of` writes them, and a `code` where one is wrong."""

    def read(rows: pl.Series) -> pl.Series:
        texts, zones = (rows.struct.field(name) for name in ("text", "zone"))
        pairs = list(zip(texts, zones, strict=True))
        found = {pair: _read(*pair, lists) for pair in dict.fromkeys(pairs)}
        return pl.Series(rows.name, [found[pair] for pair in pairs], dtype=_READ)

    return pl.struct(text=text, zone=zone).map_batches(
        read, return_dtype=_READ, is_elementwise=True
    )


def _read(
    text: str | None, zone: str | None, lists: Mapping[str, ListShape]
) -> dict[str, str | None]:
    if text is None:
        return {"text": "", "code": None}
    try:
        given = parse_json(text)
        with zoned(zone or COURT_ZONE):
            complete = read_statements(given, lists)
        if any(isinstance(each, str) for each in complete):
            return {"text": None, "code": "wrong-type"}  # a whole list has a column of its own
        for name, list_shape in lists.items():
            unlisted_boxes(list_shape, [each.said for each in complete if each.list == name])
    except ValidationError as error:
        return {"text": None, "code": problems_of(error)[0].code}
    except EligibilityError as error:
        return {"text": None, "code": error.problems[0].code}
    return {"text": text_of(complete), "code": None}
