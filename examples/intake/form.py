"""What a browser posts: the fields of a form, and its files, kept only while they are read."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from attrs import frozen

from eligibility import InvalidHistory, Problem

#: The fields of a page: what is ticked, and a few more.
MOST_FIELDS: Final = 2_000


@frozen
class Form:
    """The fields and the files of a form, by name."""

    fields: Mapping[str, Sequence[str]]
    files: Mapping[str, bytes]

    @contextmanager
    def paths(self) -> Iterator[dict[str, Path]]:
        """The files where they can be read, for as long as that takes."""
        with tempfile.TemporaryDirectory() as folder:
            paths = {name: Path(folder) / str(at) for at, name in enumerate(self.files)}
            for name, path in paths.items():
                path.write_bytes(self.files[name])
            yield paths


def too_large(words: str, hint: str) -> InvalidHistory:
    """The refusal of what would cost too much to read."""
    return InvalidHistory([Problem("too-large", "", words, hint)])


def form_of(body: bytes, content_type: str) -> Form:
    """The form that a body holds.

    Raises:
        InvalidHistory: `too-large`, it has more fields than any page.
    """
    if content_type.startswith("multipart/form-data"):
        return _parts(body, content_type)
    try:
        text = body.decode("utf-8", "replace")
        return Form(parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS), {})
    except ValueError:
        words = f"The form has more than {MOST_FIELDS:,} fields."
        raise too_large(words, "Tick fewer boxes.") from None


def _parts(body: bytes, content_type: str) -> Form:
    head = f"content-type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    fields: dict[str, list[str]] = {}
    files: dict[str, bytes] = {}
    for part in list(message_from_bytes(head + body).walk())[: MOST_FIELDS + 1]:
        name = part.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            continue
        if part.get_filename():
            files[name] = _content(part)
        elif part.get_filename() is None:
            fields.setdefault(name, []).append(_content(part).decode("utf-8", "replace"))
    return Form(fields, files)


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
