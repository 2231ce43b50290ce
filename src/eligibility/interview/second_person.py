"""Sentences about whoever has an account, said to that person.

The words of a model speak of 'the member', or whatever its `holder` is; whoever is asked is 'you'.
"""

import re
from functools import lru_cache
from typing import Final

_VERBS: Final = {"is": "are", "was": "were", "has": "have", "does": "do"}


@lru_cache(maxsize=64)
def _holder(holder: str) -> re.Pattern[str]:
    verbs = "|".join(_VERBS)
    return re.compile(rf"\b{re.escape(holder)}('s\b)?(?: ({verbs})\b)?", re.IGNORECASE)


def to_you(sentence: str, holder: str) -> str:
    """A sentence about the holder of an account, said to that person.

    >>> to_you("The member can say whether the member is a lawyer.", "the member")
    'You can say whether you are a lawyer.'
    >>> to_you("It was shared without the member's permission.", "the member")
    'It was shared without your permission.'
    """

    def you(found: re.Match[str]) -> str:
        own, verb = found.groups()
        word = "your" if own else "you"
        word = word.capitalize() if found[0][0].isupper() else word
        if verb is None:
            return word
        return f"{word} {verb if own else _VERBS[verb]}"

    return _holder(holder).sub(you, sentence)
