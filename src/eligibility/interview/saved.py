"""An interview as JSON text: what it began with and every reply, to be taken up again.

It holds no question and no verdict: these follow from the replies, which are given anew.
"""

import json
from collections.abc import Iterable
from typing import Any, Final

import attrs

from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError, InvalidHistory, Problem, json_text, shown
from eligibility.facts.paths import parse
from eligibility.facts.read import parse_json, read_history
from eligibility.facts.supposition import Supposition
from eligibility.interview.reply import Reply
from eligibility.values.citation import Citation

VERSION: Final = "1"
#: What a file of a self-check says besides: what of an archive was not read.
NOT_READ: Final = "not_read"
#: What an interview holds; a reply, with the kind of each; and ways to reply.
_KEYS: Final = frozenset(
    {
        *("interview", "definition", "supposing", "knower", "likely", "history", "replies"),
        *("kept", NOT_READ),
    }
)
_REPLY: Final[dict[str, type]] = {
    "question": str,
    "text": str,
    "chosen": list,
    "rest": bool,
    "offered": str,
    "date": str,
    "dont_know": bool,
}
_WAYS: Final = frozenset({"chosen", "date", "dont_know"})


def written(interview: Any, kept: Iterable[Reply]) -> str:
    """An interview as JSON text; `kept` is what was said after a reply that is being changed."""
    supposing = interview.supposing
    data = {
        "interview": VERSION,
        "definition": interview.definition.digest,
        "supposing": None if supposing is None else attrs.asdict(supposing),
        "knower": interview.knower,
        "likely": list(interview.likely),
        "history": interview.start_history.model_dump(mode="json", exclude_none=True),
        "replies": [reply.to_dict() for reply in interview.replies],
    }
    if kept:
        data["kept"] = [reply.to_dict() for reply in kept]
    return json_text(data)


def parts(text: str | bytes, definition: ClassDefinition) -> dict[str, Any]:
    """What an interview that was saved is started with, and its replies.

    Raises:
        InvalidHistory: the text is no interview that was saved: all problems, with their paths.
    """
    data = parse_json(text)
    if not isinstance(data, dict) or data.get("interview") != VERSION:
        raise _bad("interview", "This is no interview that was saved.")
    if data.get("definition") != definition.digest:
        words = "The interview was about another definition, or another reading of it."
        raise _bad("definition", words, "Take it up with the definition that it began with.")
    for key in data.keys() - _KEYS:
        raise _bad(shown(key), "An interview that was saved holds no such thing.")
    try:
        return {
            "history": read_history(json.dumps(data["history"]), definition.model),
            "supposing": _supposition(data.get("supposing")),
            "knower": str(data["knower"]),
            "likely": tuple(map(_record, data["likely"])),
            "replies": [_reply(each) for each in data["replies"]],
            "kept": tuple(_reply(each) for each in data.get("kept", ())),
        }
    except EligibilityError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _bad("", "A part of the interview is missing, or is not what it should be.") from None


def _supposition(data: dict[str, Any] | None) -> Supposition | None:
    if data is None:
        return None
    several = {key: tuple(map(_tuple, data[key])) for key in ("complete", "before_under")}
    citation = Citation(**data["citation"])
    unless = _tuple(data["unless"])
    return Supposition(**{**data, **several, "citation": citation, "unless": unless})


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _record(path: Any) -> str:
    if not isinstance(path, str) or parse(path).index is None:
        raise TypeError
    return path


def _reply(data: dict[str, Any]) -> Reply:
    """One reply. Nothing of it is guessed: of whoever picked none, 'none' would be a fact."""
    if any(type(value) is not _REPLY[key] for key, value in data.items()):
        raise TypeError
    if len(_WAYS & data.keys()) != 1 or data.get("dont_know") is False:
        raise ValueError
    chosen = tuple(data.get("chosen", ()))
    if not all(type(at) is int for at in chosen):
        raise TypeError
    return Reply(**{**data, "chosen": chosen})


def _bad(path: str, words: str, hint: str = "") -> InvalidHistory:
    hint = hint or "Save an interview with `to_json()`, and pass that text."
    return InvalidHistory([Problem("not-an-interview", path, words, hint)])
