"""What is wrong with a request, as problem details (RFC 9457): all of it, with codes and paths."""

import logging
from collections.abc import Iterable
from typing import Any, Final

from anyio import move_on_after
from attrs import asdict
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from eligibility.errors import EligibilityError, Problem, json_text, shown

MEDIA_TYPE: Final = "application/problem+json"
#: No answer may be kept on the way, framed, or taken for something else than it says it is.
SAFE_HEADERS: Final = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
_TITLES: Final = {
    405: "This path takes another method",
    413: "Too much was sent",
    422: "What was sent cannot be read",
    500: "This server failed",
    501: "This server cannot do that",
}
#: Codes of what is too much, whatever is in it.
_TOO_MUCH: Final = frozenset({"too-large", "too-many-records"})
#: For how many seconds what was refused is let in to its end, as other servers do.
_PATIENCE: Final = 30
_LOG: Final = logging.getLogger("eligibility.web")

_EXAMPLE: Final = {
    "type": "about:blank",
    "title": _TITLES[422],
    "status": 422,
    "detail": "premium[0].plan: `gold` is not one of these: …",
    "problems": [
        {
            "code": "not-in-vocabulary",
            "path": "premium[0].plan",
            "message": "`gold` is not one of these: …",
            "hint": "Write one of them, or leave it out if it is not known.",
        }
    ],
}
_TEXT: Final = {"type": "string"}
_SCHEMA: Final = {
    "title": "ProblemDetails",
    "description": "Problem details (RFC 9457), with every problem that was found.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "problems"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "The first problem, as a sentence."},
        "problems": {
            "type": "array",
            "items": {
                "title": "Problem",
                "type": "object",
                "required": ["code", "path", "message", "hint"],
                "properties": {
                    "code": {"type": "string", "description": "Stable: it is API."},
                    "path": {"type": "string", "description": "Where; empty if it is the whole."},
                    "message": {"type": "string", "description": "What, for people."},
                    "hint": {"type": "string", "description": "The way out, for people."},
                },
            },
        },
    },
}


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The answers that say what is wrong, for OpenAPI, by status."""
    content = {MEDIA_TYPE: {"schema": _SCHEMA, "example": _EXAMPLE}}
    return {status: {"description": _TITLES[status], "content": content} for status in statuses}


class BeforeTheEnd(Response):
    """An answer to a request of which not all has come: what still comes is let in, and dropped.

    A server that closes the connection meanwhile, since it was asked to, resets it: whoever still
    sends, or a proxy before the server, would see that and no answer.
    """

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at once, so that whoever listens may stop, and end once all has come."""
        start = {"type": "http.response.start", "status": self.status_code}
        await send({**start, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        with move_on_after(_PATIENCE):
            while (await receive()).get("more_body"):
                pass
        await send({"type": "http.response.body"})


def refusal(error: EligibilityError, kind: type[Response] = Response) -> Response:
    """Everything that is wrong with a request."""
    codes = {each.code for each in error.problems}
    status = 413 if codes & _TOO_MUCH else 501 if "missing-extra" in codes else 422
    return _answer(status, error.problems, kind)


def wrong_method(asked: str, taken: str) -> Response:
    """That a path takes other methods than the one it was asked with."""
    words = f"This path takes {taken}, not {shown(asked)}."
    found = [Problem("wrong-method", "", words, f"Ask again with {taken.partition(',')[0]}.")]
    response = _answer(405, found)
    response.headers["allow"] = taken
    return response


def failure(error: Exception) -> Response:
    """That it is our own fault; the log has the kind and the place, and no word that was sent.

    What an exception says may quote the request. So its message, and the frames' values, stay out.
    """
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at is not None else "nowhere"
    _LOG.error("%s at %s", type(error).__name__, place)
    words = "This is a fault of the server, not of what was sent."
    return _answer(500, [Problem("server-failed", "", words, "Try again later.")])


def _answer(status: int, problems: Iterable[Problem], kind: type[Response] = Response) -> Response:
    found = [asdict(each) for each in problems]
    first = found[0] if found else {"path": "", "message": _TITLES[status]}
    detail = f"{first['path']}: {first['message']}" if first["path"] else first["message"]
    data = {
        "type": "about:blank",
        "title": _TITLES[status],
        "status": status,
        "detail": detail,
        "problems": found,
    }
    return kind(json_text(data), status, SAFE_HEADERS, MEDIA_TYPE)


def answer(text: str | bytes, media_type: str = "application/json") -> Response:
    """An answer that says what was asked for."""
    return Response(text, 200, SAFE_HEADERS, media_type)
