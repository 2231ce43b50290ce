"""The page as one file: what was fetched, our own sources, and the shell that runs them.

Every file goes in as it came from its registry, in base64, so that anybody can take it out and
compare; nothing is compressed anew. The same input gives the same bytes.
"""

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from attrs import frozen

from eligibility import __version__
from eligibility.web import ours
from eligibility.web.inputs import Inputs, inputs
from eligibility.web.visit import NO_READING, begun

_OURS: Final = "ours.tar.bz2"
#: Where the digest of the file stands in it, until it is known.
_SLOT: Final = "0" * 64


@frozen
class Page:
    """The page, its SHA-256, the digest that its footer shows, and its policy.

    The digest is the SHA-256 of the file with 64 zeros in the place of the digest.
    """

    content: bytes
    sha256: str
    digest: str
    policy: str


def build(
    target: str | None = None, reading: Mapping[str, str] = NO_READING, *, folder: Path
) -> Page:
    """The page for the case here, or for the definition that `MODULE:NAME` leads to.

    Args:
        target: the definition; its own modules go into the page as well.
        reading: how disputed terms are read, if not as by default.
        folder: where what is fetched is kept.

    Raises:
        eligibility.web.inputs.BuildError: something cannot be had, or is not what was pinned.
    """
    return put_together(target, inputs(folder), reading)


def put_together(
    target: str | None, given: Inputs, reading: Mapping[str, str] = NO_READING
) -> Page:
    """The page out of what was fetched."""
    start = begun(target or "", reading)
    sources = ours.library() | (ours.definition(target) if target else {})
    held = {**given.content, _OURS: ours.packed(sources)}
    shell, worker = _source("shell.js"), _source("worker.js")
    style = _source("style.css") + _source("shell.css")
    allowed = policy(shell, style)
    names = {
        "runtime": given.runtime.file,
        "wheels": [wheel.file for wheel in given.wheels],
        "ours": _OURS,
        "parts": list(held),
        "definition": target or "",  # JavaScript's null is not Python's None
        "reading": dict(sorted(reading.items())),
    }
    slots = {
        "policy": allowed,
        "title": html.escape(start.title),
        "style": style,
        "version": html.escape(__version__),
        "start": start.html,
        "shell": shell,
        "worker": worker,
        "inputs": json.dumps(names).replace("<", "\\u003c"),
        "digest": _SLOT,
        "parts": "\n".join(_part(name, data) for name, data in held.items()),
    }
    text = re.sub(r"\{(\w+)\}", lambda found: slots[found[1]], _source("page.html"))
    content = text.encode()
    digest = hashlib.sha256(content).hexdigest()
    content = content.replace(_SLOT.encode(), digest.encode(), 1)
    return Page(content, hashlib.sha256(content).hexdigest(), digest, allowed)


def policy(shell: str, style: str) -> str:
    """What the browser keeps the page to: these two texts and what they make, and no request."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src '{_hash(shell)}' blob: 'wasm-unsafe-eval'",
            f"style-src '{_hash(style)}'",
            "worker-src blob:",
            "img-src data:",
            "connect-src 'none'",
            "form-action 'none'",
            "base-uri 'none'",
        ]
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _source(name: str) -> str:
    return (files("eligibility.web") / "sources" / name).read_text("utf-8")


def _part(name: str, data: bytes) -> str:
    encoded = base64.b64encode(data).decode()
    return f'<script type="application/octet-stream" id="{name}">{encoded}</script>'
