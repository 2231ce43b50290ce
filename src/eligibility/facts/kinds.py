"""What each path of a history model is, and which one a path that is none of them was meant to be.

A model comes in; out go its paths as conditions write them (`messages[].sent_at`), each with what
it is, and for a path that a condition cannot take, why not and a way out in the model's own paths.
"""

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from enum import Enum
from functools import lru_cache
from typing import Final

from eligibility.errors import shown
from eligibility.facts.model import Facts, History
from eligibility.facts.paths import pattern
from eligibility.facts.shape import shape
from eligibility.immutable import FrozenDict

#: How many paths a hint names.
MOST_NAMED: Final = 6


class PathKind(Enum):
    """What a path of a model is: in words, in the plural, and which conditions take it."""

    YES_NO = ("a yes/no fact", "yes/no facts", "`Is` asks for one.")
    WORD = ("a word of a vocabulary", "words", "`Is` asks for one.")
    MOMENT = ("a moment", "moments", "`Within`, `Covered` and `Uncovered` ask for one.")
    SPANS = ("a list of spans", "lists of spans", "`Covered`, `Uncovered` and `Ever` take one.")
    RECORDS = (
        "a list of records that have no start and end",
        "lists of records",
        "Ask for a fact of one of its records.",
    )
    GROUP = ("a group of facts", "groups of facts", "Ask for one of its facts.")
    NO_FACT = (
        "nothing that can be unknown",
        "other fields",
        "Declare a fact as `YesNo`, as `MomentField` or as a `Literal` of its words.",
    )

    def __init__(self, words: str, plural: str, asked: str) -> None:
        self.words, self.plural, self.asked = words, plural, asked


VALUES: Final = frozenset({PathKind.YES_NO, PathKind.WORD})
MOMENTS: Final = frozenset({PathKind.MOMENT})
SPANS: Final = frozenset({PathKind.SPANS})


@lru_cache(maxsize=128)
def kinds_of(model: type[History]) -> Mapping[str, PathKind]:
    """Every path of a model, and what it is.

    >>> from eligibility.history import AccountHistory
    >>> kinds_of(AccountHistory)["premium[].plan"].words
    'a word of a vocabulary'
    """
    seen = shape(model)
    kinds: dict[str, PathKind] = {}
    for name, list_shape in seen.lists.items():
        kinds[name] = PathKind.SPANS if list_shape.is_spans else PathKind.RECORDS
        facts = (
            dict.fromkeys(list_shape.record.model_fields, PathKind.NO_FACT)
            | dict.fromkeys(list_shape.yes_no, PathKind.YES_NO)
            | dict.fromkeys(list_shape.vocabulary, PathKind.WORD)
            | dict.fromkeys(list_shape.moments, PathKind.MOMENT)
        )
        kinds |= {pattern(name, key): kind for key, kind in facts.items()}
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, Facts):
            kinds[name] = PathKind.GROUP
            kinds |= {f"{name}.{key}": PathKind.NO_FACT for key in info.annotation.model_fields}
        else:
            kinds.setdefault(name, PathKind.NO_FACT)
    return FrozenDict(kinds | dict.fromkeys(seen.yes_no, PathKind.YES_NO))


def misread(
    path: str, by: str, wanted: Collection[PathKind], model: type[History], of: str | None = None
) -> tuple[str, str] | None:
    """Why a path is none of the kinds that are wanted, and a way out; None if it is one.

    `by` is the name of what asks for it; `of` the list that its record must be of, where only one
    will do.
    """
    kinds = kinds_of(model)

    def fits_in(name: str) -> bool:
        return kinds[name] in wanted and (of is None or name.startswith(f"{pattern(of)}."))

    if path in kinds and fits_in(path):
        return None
    fits = [*filter(fits_in, kinds)]
    asked = " or ".join(kind.words for kind in PathKind if kind in wanted)
    if path not in kinds:
        why = f"`{by}` asks for `{shown(path, 80)}`, which `{model.__name__}` does not have."
    elif kinds[path] in wanted:
        why = f"`{by}` asks for a fact of the spans of `{of}`, which `{path}` is not."
    else:
        why = f"`{by}` asks for {asked}; `{path}` is {kinds[path].words}."
    return why, _way_out(path, kinds, fits, asked)


def _way_out(path: str, kinds: Mapping[str, PathKind], fits: list[str], asked: str) -> str:
    meant = None if path in kinds else _meant(path, fits)
    if meant:
        return f"Did you mean `{meant}`?"
    other = None if path in kinds else _meant(path, list(kinds))
    lead = ""
    if path in kinds:
        lead = f"{kinds[path].asked} "
    elif other:
        lead = f"`{other}` is {kinds[other].words}: {kinds[other].asked} "
    if not fits:
        return f"{lead}There is no {asked.partition(' ')[2]} here."
    more = f" and {len(fits) - MOST_NAMED} more" if len(fits) > MOST_NAMED else ""
    named = ", ".join(f"`{each}`" for each in fits[:MOST_NAMED])
    return f"{lead}Here it can be {named}{more}."


def _meant(path: str, known: list[str]) -> str | None:
    """The path that was meant: brackets and capitals aside, the same or nearly."""
    bare = {_bare(each): each for each in reversed(known)}
    close = get_close_matches(_bare(path), bare, n=1, cutoff=0.75)
    return bare[close[0]] if close else None


def _bare(path: str) -> str:
    return re.sub(r"\[[^\]]*\]", "", path).strip(". ").lower()
