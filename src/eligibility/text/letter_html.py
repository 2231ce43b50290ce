"""A letter as one HTML file that reads well and prints well: the accessible master.

It loads nothing, runs nothing and sends nothing; its policy says so to the browser. Every text goes
through the builder that escapes it.
"""

from base64 import b64encode
from hashlib import sha256
from typing import Final

from eligibility.arguments import expect
from eligibility.text.markup import Html, html, tag
from eligibility.text.writing import (
    Block,
    Item,
    Items,
    Letter,
    Pairs,
    Paragraph,
    Part,
    Subheading,
    Table,
)

STYLE: Final = """
:root { color-scheme: light dark; --ink: #1b1f23; --paper: #fff; --soft: #555d63;
  --line: #1f5f50; --tint: #eef3f0; --warn: #7a5b00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaec; --paper: #16191c; --soft: #b4bcc2;
    --line: #7fc4b1; --tint: #20282a; --warn: #e6c35c; }
}
body { margin: 0 auto; max-width: 44rem; padding: 1.5rem 1rem 3rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.55 Charter, Georgia, serif; overflow-wrap: anywhere; }
h1, h2, h3, th, dt, .status { font-family: system-ui, sans-serif; line-height: 1.25; }
h1 { font-size: 2rem; margin: 0; }
.about { font-size: 1.15rem; color: var(--soft); margin: .25rem 0 1.5rem; }
h2 { font-size: 1.3rem; margin: 2.2rem 0 .6rem; padding-top: .6rem;
  border-top: 2px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.4rem 0 .3rem; }
p, ul, ol, dl { margin: .5rem 0; }
li { margin: .45rem 0; }
li small, .source { display: block; color: var(--soft); font-size: .9em; }
.status { font-size: 1.25em; font-weight: 700; padding: .5rem .9rem; background: var(--tint);
  border-left: 6px solid var(--line); }
.notice { padding: .5rem .9rem; border-left: 6px solid var(--warn); }
dl { display: grid; grid-template-columns: minmax(9rem, 1fr) 3fr; gap: .35rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; margin: .8rem 0; }
caption { text-align: left; color: var(--soft); padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0;
  border-bottom: 1px solid var(--soft); }
tbody th { font: inherit; }
td { white-space: nowrap; }
@media (max-width: 30rem) {
  dl { grid-template-columns: 1fr; }
  dd { margin-bottom: .5rem; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #333;
    --line: #000; --tint: #fff; --warn: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; line-height: 1.35; }
  h1 { font-size: 20pt; }
  h2 { font-size: 13pt; margin: 1rem 0 .4rem; padding-top: .4rem; }
  h3 { font-size: 11pt; margin: .8rem 0 .2rem; }
  p, ul, ol, dl, li { margin-top: .3rem; margin-bottom: .3rem; }
  h2, h3, caption { break-after: avoid; }
  li, tr, .notice, .status { break-inside: avoid; }
  @page { margin: 2cm; }
}
"""
_POLICY: Final = (
    "default-src 'none'; style-src 'sha256-"
    + b64encode(sha256(STYLE.encode()).digest()).decode()
    + "'; form-action 'none'; base-uri 'none'"
)


def letter_page(letter: Letter) -> str:
    """A letter as an HTML document of its own.

    >>> page = letter_page(Letter("Self-check", "<The club>", ()))
    >>> "<The club>" in page, "&lt;The club&gt;" in page
    (False, True)

    Raises:
        WrongArgument: it is no letter.
    """
    expect(letter, Letter, "letter", "`write_letter(history)` makes one.")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"{letter.title}: {letter.about}"),
        tag("style", Html(STYLE)),
    )
    body = tag("body", tag("main", letter_body(letter)))
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}"


def letter_body(letter: Letter) -> Html:
    """The letter alone, with its heading, to stand in some other page."""
    about = tag("p", letter.about, class_="about")
    return html(tag("h1", letter.title), about, *map(_part, letter.parts))


def _part(part: Part) -> Html:
    heading = [tag("h2", part.heading)] if part.heading else []
    return tag("section", *heading, *map(_block, part.blocks))


def _block(block: Block) -> Html:
    match block:
        case Subheading(text):
            return tag("h3", text)
        case Paragraph(text, role):
            return tag("p", text, class_=None if role == "plain" else role)
        case Items(items, ordered):
            return tag("ol" if ordered else "ul", *map(_item, items))
        case Pairs(pairs):
            return tag("dl", *(html(tag("dt", term), tag("dd", text)) for term, text in pairs))
        case Table():
            return _table(block)


def _item(item: Item) -> Html:
    return tag("li", item.text, *(tag("small", each) for each in item.more))


def _table(table: Table) -> Html:
    header = tag("tr", *(tag("th", each, scope="col") for each in table.header))
    rows = (
        tag("tr", tag("th", first, scope="row"), *(tag("td", each) for each in others))
        for first, *others in table.rows
    )
    caption = tag("caption", table.caption)
    return tag("table", caption, tag("thead", header), tag("tbody", *rows))
