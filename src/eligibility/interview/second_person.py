"""Sentences about whoever has an account, said to that person.

The words of a model speak of 'the member', or whatever its `holder` is; whoever is asked is 'you'.
"""

import re
from functools import lru_cache
from typing import Final

from eligibility.facts.model import History
from eligibility.facts.shape import shape
from eligibility.facts.wording import spoken_of
from eligibility.values.english import capital

_VERBS: Final = {"is": "are", "was": "were", "has": "have", "does": "do"}
#: What may stand between a person and a verb.
_ADVERBS: Final = "also|already|always|ever|never|not|now|often|once|only|still|then|usually"
#: What asks for a verb before its person: 'When was the member away?'
_ASKS: Final = re.compile(r"\b(?:how|what|when|where|which|whom?|why) $", re.IGNORECASE)
#: After these, what follows speaks of something else: 'the account of the member is open'.
_OF: Final = re.compile(r"\b(?:about|at|by|for|from|in|of|on|to|with) $", re.IGNORECASE)
#: What ends like a verb of the third person, and is none.
_NO_VERB: Final = re.compile(
    r".*(?:ss|us|is|ings)|as|its|yes|perhaps|always|sometimes|besides|whereas|.*wards|.*ways"
)
_FINITE: Final = "are|were|have|do"
_OTHER_VERB: Final = rf"{'|'.join(_VERBS)}|{_FINITE}|that|which|who|whose|when|where"
#: A second verb of the same person: 'you are a judge, and so is left out'. Of 'you are out, and so
#: is the message' it is none, nor of 'you have a ticket that cost much and was lost'.
_AND_IS: Final = re.compile(
    rf"\b(?P<you>you (?:{_FINITE})\b(?:(?!\b(?:{_OTHER_VERB})\b)[^.;:])*?"
    rf"\band(?: so)?) (?P<verb>{'|'.join(_VERBS)})\b"
    r"(?! (?:the|an?|that|this|your|each|every|no)\b)",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def _holder(holder: str, named: tuple[str, ...]) -> re.Pattern[str]:
    """Where a sentence names the holder; `named` is what follows where it names something else."""
    but = f"(?!(?:{'|'.join(map(re.escape, named))})\\b)" if named else ""
    verbs, name = "|".join(_VERBS), f"{re.escape(holder)}{but}"
    after = rf"(?P<between>(?: (?:{_ADVERBS})\b)*) (?P<verb>[a-z]+)\b"
    return re.compile(
        rf"(?:\b(?P<before>{verbs}) )?\b(?P<name>{name})(?:(?P<own>'s\b)|{after})?", re.IGNORECASE
    )


@lru_cache(maxsize=64)
def _named(model: type[History]) -> tuple[str, ...]:
    """What follows the holder's words in the names of records: ' account', of 'patient account'."""
    words = f"{model.holder.removeprefix('the ')} "
    spoken = (spoken_of(name, model) for name in shape(model).lists)
    nouns = (noun for each in spoken for noun in (each.noun, each.nouns))
    return tuple(noun[len(words) - 1 :] for noun in nouns if noun.startswith(words))


def said_to_you(sentence: str, model: type[History]) -> str:
    """A sentence about whoever has an account of a model, said to that person."""
    return to_you(sentence, model.holder, _named(model))


def to_you(sentence: str, holder: str, named: tuple[str, ...] = ()) -> str:
    """A sentence about the holder of an account, said to that person.

    Followed by what is `named`, the holder's words name something else, such as a record.

    >>> to_you("The member can say whether the member is a lawyer.", "the member")
    'You can say whether you are a lawyer.'
    >>> to_you("It was shared without the member's permission.", "the member")
    'It was shared without your permission.'
    >>> to_you("Has the member moved? The member still lives there.", "the member")
    'Have you moved? You still live there.'
    >>> to_you("The member is a judge, and so is left out.", "the member")
    'You are a judge, and so are left out.'
    >>> to_you("The member is out, and so is the message.", "the member")
    'You are out, and so is the message.'
    >>> to_you("The member has a ticket that cost much and has not expired.", "the member")
    'You have a ticket that cost much and has not expired.'
    >>> to_you("There is no other ticket (as stated).", "the member")
    'There is no other ticket (as you said).'
    >>> to_you("The patient can say when the patient account began.", "the patient", (" account",))
    'You can say when the patient account began.'
    """

    def you(found: re.Match[str]) -> str:
        start, own, before = sentence[: found.start()], found["own"], found["before"] or ""
        word = "your" if own else "you"
        word = word.capitalize() if found["name"][0].isupper() else word
        is_asked = bool(before) and not own and (before[0].isupper() or bool(_ASKS.search(start)))
        if is_asked:
            verb = _VERBS[before.lower()]
            before = capital(verb) if before[0].isupper() else verb
        words = f"{before} {word}" if before else word
        if found["verb"] is None:
            return words
        is_other = bool(before) or bool(_OF.search(start))
        return f"{words}{found['between']} {found['verb'] if is_other else _yours(found['verb'])}"

    said = _holder(holder, named).sub(you, sentence).replace("(as stated)", "(as you said)")
    return _AND_IS.sub(lambda found: f"{found['you']} {_VERBS[found['verb'].lower()]}", said)


def _yours(verb: str) -> str:
    """A verb of the third person as it stands after 'you'; any other word as it is.

    >>> [_yours(word) for word in ("was", "lives", "carries", "watches", "always", "signed")]
    ['were', 'live', 'carry', 'watch', 'always', 'signed']
    """
    if verb in _VERBS:
        return _VERBS[verb]
    if not verb.endswith("s") or _NO_VERB.fullmatch(verb):
        return verb
    if verb.endswith("ies") and len(verb) > 4:
        return f"{verb[:-3]}y"
    return verb[:-2] if re.search(r"(?:sh|ch|x|zz|o|ss)es$", verb) else verb[:-1]
