"""HTML that is safe to show: every text goes through `tag`, which escapes it.

It is small on purpose and needs nothing beside Python: the same pages are made by a server and by
the library inside a browser.
"""

from html import escape
from typing import Final

#: Elements that never have anything inside.
_VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})
#: Elements within a line: a line break after one would be read as a blank.
_INLINE: Final = frozenset(
    {"a", "abbr", "b", "br", "cite", "code", "em", "input", "kbd", "q", "small", "span", "strong"}
)


class Html(str):
    """Text that is HTML already; any other text is escaped where it goes into a page."""

    __slots__ = ()


def tag(name: str, /, *inside: str, **attributes: str | bool | None) -> Html:
    r"""An HTML element.

    `class_` is the attribute `class`, and `aria_label` is `aria-label`. An attribute that is True
    stands alone; one that is False or None is left out.

    >>> tag("p", "1 < 2 ", tag("b", "of course"), class_="wide")
    '<p class="wide">1 &lt; 2 <b>of course</b></p>\n'
    >>> tag("input", required=True, disabled=False, value='"')
    '<input required value="&quot;">'
    """
    said = "".join(_attribute(key, value) for key, value in attributes.items())
    after = "" if name in _INLINE else "\n"
    if name in _VOID:
        return Html(f"<{name}{said}>{after}")
    return Html(f"<{name}{said}>{html(*inside)}</{name}>{after}")


def html(*parts: str) -> Html:
    """Parts of a page one after the other; those that are not HTML are escaped.

    >>> html("a & b", tag("br"))
    'a &amp; b<br>'
    """
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in parts))


def _attribute(key: str, value: str | bool | None) -> str:  # noqa: FBT001 - as HTML has them
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return "" if value is None or value is False else f' {name}="{escape(value)}"'
