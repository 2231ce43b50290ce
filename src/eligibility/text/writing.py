"""A piece of writing as data: parts with a heading, each of paragraphs, lists, pairs and tables.

Whoever writes makes these records; whoever shows them (`letter_html` as HTML, `eligibility.pdf` as
PDF, somebody else's renderer from the JSON) needs nothing but them. Every text is plain and
printable: what a user wrote is spelt out where a screen or a printer could be led astray by it.
"""

from typing import Any, ClassVar, TypeAlias

import attrs
from attrs import field, frozen

from eligibility.arguments import checked, several
from eligibility.errors import json_text, printable


def _plain(value: Any) -> Any:
    return printable(value) if isinstance(value, str) else value


def _texts(value: Any) -> Any:
    found = several(value)
    return tuple(map(_plain, found)) if isinstance(found, tuple) else found


def _rows(value: Any) -> Any:
    found = several(value)
    return tuple(map(_texts, found)) if isinstance(found, tuple) else found


@frozen(field_transformer=checked)
class Subheading:
    """A heading within a part."""

    kind: ClassVar[str] = "subheading"
    text: str = field(converter=_plain)


@frozen(field_transformer=checked)
class Paragraph:
    """A paragraph; its role says how it stands out: a `status`, a `notice`, a `source`, or not."""

    kind: ClassVar[str] = "paragraph"
    text: str = field(converter=_plain)
    role: str = "plain"


@frozen(field_transformer=checked)
class Item:
    """One item of a list, and lines below it, such as its source."""

    text: str = field(converter=_plain)
    more: tuple[str, ...] = field(default=(), converter=_texts)


@frozen(field_transformer=checked)
class Items:
    """A list; an ordered one counts from 1."""

    kind: ClassVar[str] = "list"
    items: tuple[Item, ...] = field(converter=several)
    ordered: bool = False


@frozen(field_transformer=checked)
class Pairs:
    """Names, and what each stands for, one below the other."""

    kind: ClassVar[str] = "pairs"
    pairs: tuple[tuple[str, ...], ...] = field(converter=_rows)


@frozen(field_transformer=checked)
class Table:
    """A table with a caption and a line of headings; the first cell of a row is its heading."""

    kind: ClassVar[str] = "table"
    caption: str = field(converter=_plain)
    header: tuple[str, ...] = field(converter=_texts)
    rows: tuple[tuple[str, ...], ...] = field(converter=_rows)


Block: TypeAlias = Subheading | Paragraph | Items | Pairs | Table


@frozen(field_transformer=checked)
class Part:
    """A heading and what stands below it; the first part of a letter may have no heading."""

    heading: str = field(converter=_plain)
    blocks: tuple[Block, ...] = field(converter=several)


@frozen(field_transformer=checked)
class Letter:
    """A letter: what it is called, what it is about, and its parts in order.

    >>> letter = Letter("Self-check", "The club", [Part("Result", [Paragraph("Eligible")])])
    >>> letter.to_dict()["parts"]
    [{'heading': 'Result', 'blocks': [{'kind': 'paragraph', 'text': 'Eligible', 'role': 'plain'}]}]
    """

    title: str = field(converter=_plain)
    about: str = field(converter=_plain)
    parts: tuple[Part, ...] = field(converter=several)

    def to_dict(self) -> dict[str, Any]:
        """The letter as plain data."""
        return {
            "schema_version": "1",
            "language": "en",
            "title": self.title,
            "about": self.about,
            "parts": [
                {
                    "heading": part.heading,
                    "blocks": [{"kind": each.kind, **_data(each)} for each in part.blocks],
                }
                for part in self.parts
            ],
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """The letter as JSON text; the same letter gives the same text."""
        return json_text(self.to_dict(), indent=indent)


def _data(block: Block) -> dict[str, Any]:
    if isinstance(block, Pairs):
        return {"pairs": [{"term": term, "text": text} for term, text in block.pairs]}
    return {name: _listed(value) for name, value in attrs.asdict(block).items()}


def _listed(value: Any) -> Any:
    """A value as JSON has it: every tuple in it is a list."""
    if isinstance(value, dict):
        return {key: _listed(each) for key, each in value.items()}
    return [_listed(each) for each in value] if isinstance(value, tuple | list) else value
