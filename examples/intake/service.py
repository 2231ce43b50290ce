"""What any web service owes its readers: safe headers on every response, and routes described.

Nothing here knows the case.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
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

    def __init__(self, *, title: str, page: str, models: Mapping[str, type[BaseModel]]) -> None:
        """`page`: the page whose styles are allowed, and no others. `models`: bodies, by name."""
        super().__init__(title=title, docs_url=None, redoc_url=None)
        self.models = models
        self.safe = safe_headers(page)

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


def form_of(*names: str) -> dict[str, Any]:
    """The description of a form with some fields; the first must be there."""
    fields = {name: {"type": "string"} for name in names}
    schema = {"type": "object", "properties": fields, "required": list(names[:1])}
    return _body("application/x-www-form-urlencoded", schema, required=True)


def upload_of(*names: str) -> dict[str, Any]:
    """The description of a form with one file, by any of some names, which may be left out."""
    file = {"type": "string", "format": "binary"}
    schema = {"type": "object", "properties": dict.fromkeys(names, file)}
    return _body("multipart/form-data", schema, required=False)


def _body(kind: str, schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    return {"requestBody": {"required": required, "content": {kind: {"schema": schema}}}}


def safe_headers(page: str) -> list[tuple[bytes, bytes]]:
    """The headers, which allow the page's own styles by their hashes, and nothing else."""
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digests = (b64encode(sha256(style.encode()).digest()).decode() for style in styles)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"
    policy = (
        f"default-src 'none'; style-src {allowed}; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    named = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
    }
    return [(name.encode(), value.encode()) for name, value in named.items()]
