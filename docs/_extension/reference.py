"""For the Python reference: docstring examples as code, and the fields of records and enums.

A griffe extension that `mkdocs.yml` names. It looks at source text only, and imports nothing of it.
"""

import re
from typing import Any

from griffe import Class, Docstring, Extension, Object

_EXAMPLE = re.compile(r"(?m)^>>> .*\n?(?:^(?!\s*$).*\n?)*")


class Reference(Extension):
    """Makes docstrings ready for the page."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Called for every module, class, function and attribute."""
        if obj.docstring is not None:
            obj.docstring.value = _EXAMPLE.sub(_fenced, obj.docstring.value)
        if isinstance(obj, Class) and (fields := _fields(obj)):
            text = "```python\n" + "\n".join(fields) + "\n```"
            told = obj.docstring.value if obj.docstring else ""
            first, _, rest = told.partition("\n\n")
            obj.docstring = Docstring("\n\n".join(p for p in (first, text, rest) if p), parent=obj)


def _fenced(found: re.Match[str]) -> str:
    return f"```python\n{found[0].rstrip()}\n```\n"


def _fields(record: Class) -> list[str]:
    """The fields of an attrs record, or the members of an enum."""
    public = [each for name, each in record.attributes.items() if not name.startswith("_")]
    public = [each for each in public if "property" not in each.labels]
    if any(str(base).endswith("Enum") for base in record.bases):
        return [f"{each.name} = {each.value}" for each in public if each.value is not None]
    if not any(
        str(mark.value).partition("(")[0] in ("frozen", "define") for mark in record.decorators
    ):
        return []
    kept = [each for each in public if "ClassVar" not in str(each.annotation)]
    return [_field(each) for each in kept if each.annotation is not None]


def _field(each: Any) -> str:
    plain = each.value is not None and not str(each.value).startswith("field(")
    return f"{each.name}: {each.annotation}" + (f" = {each.value}" if plain else "")
