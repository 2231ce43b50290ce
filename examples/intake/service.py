"""What any web service owes its readers: safe headers on every response, and forms described.

Nothing here knows the case.
"""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Service(FastAPI):
    """An app whose every response, errors too, can be neither framed, guessed at nor kept.

    The pages that FastAPI itself would show load scripts from elsewhere: there are none.
    """

    def __init__(self, *, title: str, style: str) -> None:
        """`style`: the styles that are allowed, and no others."""
        super().__init__(title=title, docs_url=None, redoc_url=None)
        self.safe = safe_headers(style)

    def build_middleware_stack(self) -> ASGIApp:
        """What handles a request, inside what sets the headers: so errors have them too."""
        handled = super().build_middleware_stack()

        async def safely(scope: Scope, receive: Receive, send: Send) -> None:
            async def with_headers(message: Message) -> None:
                if message["type"] == "http.response.start":
                    named = {name.lower() for name, _ in message["headers"]}
                    more = (each for each in self.safe if each[0] not in named)
                    message["headers"] = [*message["headers"], *more]
                await send(message)

            await handled(scope, receive, with_headers)

        return safely


def described_form(*names: str, files: Sequence[str]) -> dict[str, Any]:
    """The description of a form: some of its fields, and files that may be left out."""
    fields: dict[str, Any] = {name: {"type": "string"} for name in names}
    with_files = fields | {name: {"type": "string", "format": "binary"} for name in files}
    plain = _body("application/x-www-form-urlencoded", _object(fields), required=True)
    upload = _body("multipart/form-data", _object(with_files), required=True)
    plain["requestBody"]["content"] |= upload["requestBody"]["content"]
    return plain


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _body(kind: str, schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    return {"requestBody": {"required": required, "content": {kind: {"schema": schema}}}}


def safe_headers(style: str) -> list[tuple[bytes, bytes]]:
    """The headers, which allow the page's own styles by their hash, and nothing else."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    named = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
    }
    return [(name.encode(), value.encode()) for name, value in named.items()]
