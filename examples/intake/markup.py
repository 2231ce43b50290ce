"""HTML that is safe to show: every text goes through `tag`, which escapes it."""

from html import escape


class Html(str):
    """Text that is HTML already; any other text is escaped where it goes into a page."""

    __slots__ = ()


def tag(name: str, /, *inside: str, **attributes: str) -> Html:
    """An HTML element; `class_` is the attribute `class`, and `aria_label` is `aria-label`."""
    named = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    said = "".join(f' {key}="{escape(value)}"' for key, value in named.items())
    text = "".join(part if isinstance(part, Html) else escape(part) for part in inside)
    return Html(f"<{name}{said}>" + ("" if name == "input" else f"{text}</{name}>\n"))
