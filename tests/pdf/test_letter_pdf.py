"""The letter as PDF: tagged, marked as PDF/UA, the same bytes, and every word of it text."""

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdf
import pytest

from eligibility import AccountHistory, EligibilityError, WrongArgument, read_history, write_letter
from eligibility.pdf import letter_pdf
from eligibility.pdf.typeset import _NOT_SET
from eligibility.text.writing import Letter, Paragraph, Part

EXAMPLES = Path(__file__).parents[2] / "examples" / "histories"


def opened(letter: Letter) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(letter_pdf(letter)))


def tags(node: Any) -> Iterator[str]:
    """The tags of the structure tree, in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, dict):
        if "/S" in node:
            yield node["/S"]
        inner = node.get("/K")
        for each in inner if isinstance(inner, list) else [inner]:
            yield from tags(each)


def said(reader: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.parametrize("name", ["ada", "ben", "chi", "dag"])
def test_it_is_tagged_and_says_what_it_conforms_to(name: str) -> None:
    letter = write_letter(read_history((EXAMPLES / f"{name}.json").read_bytes()))
    reader = opened(letter)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata
    assert reader.metadata.title == f"{letter.title}: {letter.about}"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert not {"/CreationDate", "/ModDate"} & reader.metadata.keys()

    found = list(tags(root["/StructTreeRoot"]))
    counts = Counter(found)
    assert found[:2] == ["/Document", "/H1"]
    assert counts["/H1"] == 1
    assert counts["/H2"] == sum(1 for part in letter.parts if part.heading)
    levels = [int(tag[2]) for tag in found if re.fullmatch("/H[1-6]", tag)]
    assert all(
        after - before <= 1 for before, after in pairwise(levels)
    )  # no level is left out on the way down
    blocks = [block for part in letter.parts for block in part.blocks]
    items = sum(len(getattr(each, "items", getattr(each, "pairs", ()))) for each in blocks)
    assert counts["/LI"] == items
    assert counts["/TH"] == 2 * counts["/Table"]
    text = said(reader)
    for part in letter.parts:
        assert part.heading in text
        for block in part.blocks:
            assert getattr(block, "text", "")[:60] in text


def test_all_that_is_shown_is_tagged_or_said_to_be_no_part_of_the_text() -> None:
    """PDF/UA, 7.1: no content is left out of the tags; every tagged part is found from its page."""
    reader = opened(write_letter(read_history((EXAMPLES / "ada.json").read_bytes())))
    root = reader.trailer["/Root"]
    parents = root["/StructTreeRoot"]["/ParentTree"].get_object()
    kept = [each.get_object() for each in parents.get("/Kids", [parents])]
    numbers = {number for each in kept for number in each["/Nums"][::2]}
    shown = 0
    for page in reader.pages:
        assert page["/StructParents"] in numbers
        assert page["/Tabs"] == "/S"
        open_tags: list[Any] = []
        for operands, operator in pypdf.generic.ContentStream(
            page.get_contents(), reader
        ).operations:
            if operator in (b"BDC", b"BMC"):
                open_tags.append(operands[0])
            elif operator == b"EMC":
                open_tags.pop()
            elif operator in (b"Tj", b"TJ", b"f", b"S", b"Do"):
                assert open_tags, operands
                shown += 1
        assert not open_tags
    assert shown > 100


def test_the_same_letter_is_the_same_bytes() -> None:
    letter = write_letter(read_history((EXAMPLES / "ada.json").read_bytes()))
    assert letter_pdf(letter) == letter_pdf(letter)


def test_what_looks_like_markup_is_text() -> None:
    evil = '#panic() $x$ *b* _i_ `r` <l> @r \\ // /* #read("/etc/passwd") ] } " = H - L'
    reader = opened(Letter("T", evil, [Part(evil, [Paragraph(evil)])]))
    assert said(reader).count('#panic() $x$ *b* _i_ `r` <l> @r \\ // /* #read("/etc/passwd")') >= 3
    assert Counter(tags(reader.trailer["/Root"]["/StructTreeRoot"]))["/H2"] == 1


def test_what_the_typeface_lacks_is_spelt_out_and_all_else_is_set() -> None:
    odd = "中 \u05d0 😀 \u0301 \ue000 \u200b e\u0301 \u202e"
    text = said(opened(Letter("T", "about", [Part("", [Paragraph(odd)])])))
    for spelt in (r"\u4e2d", r"\u05d0", r"\U0001f600", r"\ue000", r"\u202e", "é"):
        assert spelt in text
    taken = [chr(at) for at in range(0x20, 0x2200) if not _NOT_SET.match(chr(at))]
    assert len(taken) > 1_500
    opened(Letter("T", "about", [Part("", [Paragraph(" ".join(taken))])]))


def test_a_word_that_no_line_can_hold_stays_on_the_page() -> None:
    history = AccountHistory(
        account_id="A-1",
        premium=[{"plan": "learning", "source": "x" * 200}],
        complete=["premium", "messages"],
    )
    page = opened(write_letter(history)).pages[0]
    right = []
    page.extract_text(visitor_text=lambda _t, _c, matrix, _f, _s: right.append(matrix[4]))
    assert max(right) < page.mediabox.width


def test_no_letter_and_no_typst_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WrongArgument):
        letter_pdf("a letter")  # type: ignore[arg-type]  # that is what is tried
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    with pytest.raises(EligibilityError) as caught:
        letter_pdf(Letter("T", "about", ()))
    (problem,) = caught.value.problems
    assert problem.code == "missing-extra"
    assert "'.[pdf]'" in problem.hint
    assert "HTML" in problem.hint
