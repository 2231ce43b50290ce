"""What was read of the archive that somebody gave, and what could not be read.

It stands above the first question, and once more with the result: what was not read is named, and
never counts as 'there is none'.
"""

from typing import Final

from attrs import frozen

from eligibility.text.markup import Html, tag


@frozen
class Given:
    """What was read of an archive, in words, and for each file that could not be read, why."""

    found: tuple[str, ...] = ()
    not_read: tuple[str, ...] = ()


NOT_GIVEN: Final = Given()


def given_box(given: Given) -> list[Html]:
    """What was read, before the first question."""
    if not given.found and not given.not_read:
        return []
    parts = _parts(given)
    return [tag("div", *parts, class_="given", role="status")]


def given_part(given: Given) -> list[Html]:
    """What was read, beside the result."""
    if not given.found and not given.not_read:
        return []
    return [tag("h2", "What was read of your archive"), *_parts(given)]


def _parts(given: Given) -> list[Html]:
    parts = [tag("p", f"Read from your archive: {', '.join(given.found)}.")] if given.found else []
    if given.not_read:
        words = (
            "This is missing, or could not be read. It does not count as “there is none”: you are "
            "asked about it."
        )
        parts += [tag("p", words), tag("ul", *(tag("li", each) for each in given.not_read))]
    return parts
