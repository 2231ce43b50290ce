"""What any web service owes its readers: safe headers on every response, and routes described.

Nothing here knows the case.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MODEL = "#/components/schemas/{model}"


class Service(FastAPI):
    """An app whose every response, errors too, can be neither framed, guessed at nor kept.

    The pages that FastAPI itself would show load scripts from elsewhere: there are none.
    """

    def __init__(self, *, title: str, style: str, models: Mapping[str, type[BaseModel]]) -> None:
        """`style`: the styles that are allowed, and no others. `models`: bodies, by name."""
        super().__init__(title=title, docs_url=None, redoc_url=None)
        self.models = models
        self.safe = safe_headers(style)

    def takes(self, name: str) -> dict[str, Any]:
        """The description of a body that is one of the models, as JSON."""
        schema = {"$ref": _MODEL.format(model=self.models[name].__name__)}
        return _body("application/json", schema, required=True)

    def openapi(self) -> dict[str, Any]:
        """The description of the routes, with the models that their bodies are."""
        described = super().openapi()
        schemas = described.setdefault("components", {}).setdefault("schemas", {})
        for model in self.models.values():
            schema = model.model_json_schema(ref_template=_MODEL)
            schemas |= schema.pop("$defs", {}) | {model.__name__: schema}
        return described

    def build_middleware_stack(self) -> ASGIApp:
        """What handles a request, inside what sets the headers: so errors have them too."""
        handled = super().build_middleware_stack()

        async def safely(scope: Scope, receive: Receive, send: Send) -> None:
            async def with_headers(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message["headers"], *self.safe]
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
