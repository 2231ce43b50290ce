"""Sections of lines: `prose` and `definition_prose` make them, a terminal or a page shows them.

Two leading spaces are one step of indentation.
"""

from collections.abc import Iterable

from attrs import frozen


@frozen
class Section:
    """A heading and its lines; a section without a heading stands alone."""

    heading: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([*([self.heading] if self.heading else []), *self.lines])


def joined(sections: Iterable[Section]) -> str:
    """Sections as one text, a blank line between them; those without lines are left out."""
    return "\n\n".join(str(section) for section in sections if section.lines)


def inexact(*, in_fragment: bool = False) -> Section:
    """What it means that a status may be indeterminate though more follows, and why it may."""
    why = (
        "Not every way in which the spans could lie was tried: there are too many"
        if in_fragment
        else "The definition lies outside the fragment in which evaluation is exact"
    )
    words = "is so, but something that follows from what is known may be called indeterminate."
    return Section("Not exact", (f"{why}: what is decided {words}",))
