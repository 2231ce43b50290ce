"""Sets a letter: its data goes to Typst as JSON, beside a layout that is always the same.

No word of a letter is ever markup. Fonts are those that Typst brings, dates there are none, and so
the same letter gives the same bytes on every machine with the same Typst.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Final
from unicodedata import normalize

from eligibility.arguments import expect
from eligibility.errors import InvalidHistory, Problem, json_text, way_to_install
from eligibility.text.writing import Letter

#: All but what Typst's own typeface has: Latin, Greek and Cyrillic letters, marks that stand in
#: texts. PDF/UA takes no character that cannot be shown, so others are spelt out.
_NOT_SET: Final = re.compile(
    "[^\n -\u02ff\u0370-\u045f\u0490\u0491\u1e00-\u1fff\u2010-\u2027\u2030-\u203e\u20ac\u2122]"
)


def letter_pdf(letter: Letter) -> bytes:
    """A letter as the bytes of a PDF that says it conforms to PDF/UA-1.

    A character that the typeface lacks, such as a Chinese one in a file's name, is spelt out; the
    page (`letter_page`) shows it.

    Raises:
        InvalidHistory: `missing-extra`, Typst is not installed.
        WrongArgument: it is no letter.
    """
    expect(letter, Letter, "letter", "`write_letter(history)` makes one.")
    try:
        import typst  # noqa: PLC0415 - heavy, and only for PDF
    except ImportError:
        raise no_typst() from None
    pdf = typst.compile(
        _layout(),
        format="pdf",
        sys_inputs={"letter": _settable(letter.to_json())},
        pdf_standards="ua-1",
        ignore_system_fonts=True,
    )
    assert isinstance(pdf, bytes)  # noqa: S101 - a list of them is what several pictures are
    return pdf


def no_typst() -> InvalidHistory:
    """That Typst is not installed, and what can be had without it."""
    way = f"{way_to_install('pdf')}. Or ask for HTML, which needs no extra and prints as well."
    return InvalidHistory([Problem("missing-extra", "", "A PDF is set by Typst.", way)])


@cache
def _layout() -> bytes:
    return files(__package__).joinpath("letter.typ").read_bytes()


def _settable(text: str) -> str:
    r"""JSON text of characters that can be set.

    >>> _settable('{"source": "Quittung nº 5, 中"}')
    '{"source": "Quittung nº 5, \\\\u4e2d"}'
    """
    return _NOT_SET.sub(_spelt, normalize("NFC", text))


def _spelt(found: re.Match[str]) -> str:
    return json_text(ascii(found[0])[1:-1])[1:-1]
