"""Where a word of the definition comes from: every clause and every reason carries one."""

from attrs import frozen

from eligibility.arguments import checked


@frozen(field_transformer=checked)
class Citation:
    """A source, and the words it is quoted with, letter by letter.

    `source` says which document and where; `quote` is empty where the source is named without
    being quoted.

    >>> str(Citation("Report of 22 January 2025, sixth paragraph", "LinkedIn Premium users"))
    'Report of 22 January 2025, sixth paragraph: “LinkedIn Premium users”'
    >>> str(Citation("No source gives the update a time of day"))
    'No source gives the update a time of day'
    """

    source: str
    quote: str = ""

    def __str__(self) -> str:
        return f"{self.source}: “{self.quote}”" if self.quote else self.source
