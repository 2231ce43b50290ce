"""An HTML form from the JSON Schema of a history model, and the data that was put into it.

Nothing here knows the case: any history model will do. Every text goes through `tag`, which escapes
it.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]
Value: TypeAlias = Any  # what JSON can hold
YES_NO = {"true": "yes", "false": "no"}


class Html(str):
    """Text that is HTML already; any other text is escaped where it goes into a page."""

    __slots__ = ()


def tag(name: str, /, *inside: str, **attributes: str) -> Html:
    """An HTML element; `class_` stands for a word that Python keeps for itself."""
    said = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    text = "".join(part if isinstance(part, Html) else escape(part) for part in inside)
    return Html(f"<{name}{said}>" + ("" if name == "input" else f"{text}</{name}>\n"))


def resolved(schema: Schema, root: Schema) -> Schema:
    """A part of the schema without `$ref` and null; the outer title and description win."""
    if "$ref" in schema:
        inner = root["$defs"][schema["$ref"].rpartition("/")[2]]
    else:
        inner = next((o for o in schema.get("anyOf", ()) if o.get("type") != "null"), {})
    outer = {key: value for key, value in schema.items() if key not in ("$ref", "anyOf")}
    if not inner:
        return outer
    explained = {"notation": inner["description"]} if "description" in inner else {}
    return resolved(explained | inner | outer, root)


def properties(schema: Schema, root: Schema) -> Iterator[tuple[str, Schema]]:
    """What can be said of an object; lists of ticks stand last, what is fixed is left out."""
    parts = [(key, resolved(part, root)) for key, part in schema["properties"].items()]
    parts.sort(key=lambda part: "enum" in part[1].get("items", ()))
    return ((key, part) for key, part in parts if "const" not in part)


def control(
    schema: Schema, root: Schema, name: str, value: Value, wrong: Mapping[str, str]
) -> Html:
    """The control for one part of the schema, filled with a value; None is unknown."""
    about = (
        [tag("small", schema["description"].partition("\n\n")[0])]
        if "description" in schema
        else []
    )
    about += [tag("small", wrong[name], class_="wrong")] if name in wrong else []
    title, items = schema.get("title", name), resolved(schema.get("items", {}), root)
    if "properties" in schema:
        parts = list(_parts(schema, root, name, value or {}, wrong))
    elif "enum" in items:
        parts = list(_ticks(items, root, name, value or []))
    elif items:
        parts = [
            _record(items, root, f"{name}[{at}]", record, wrong)
            for at, record in enumerate(value or [])
        ]
        parts += [tag("button", f"Add to: {title}", name="add", value=name, formaction="/form")]
    else:
        return tag("div", tag("label", title, for_=name), _entry(schema, name, value), *about)
    return tag("fieldset", tag("legend", title), *about, *parts)


def _parts(
    schema: Schema, root: Schema, name: str, value: Value, wrong: Mapping[str, str]
) -> Iterator[Html]:
    dot = f"{name}." if name else ""
    for key, part in properties(schema, root):
        yield control(part, root, dot + key, value.get(key), wrong)


def _record(
    schema: Schema, root: Schema, name: str, value: Value, wrong: Mapping[str, str]
) -> Html:
    mark = tag("input", type="hidden", name=name)
    remove = tag("button", "Remove", name="remove", value=name, formaction="/form")
    parts = _parts(schema, root, name, value, wrong)
    return tag("fieldset", tag("legend", schema["title"]), mark, *parts, remove)


def _ticks(items: Schema, root: Schema, name: str, value: list[str]) -> Iterator[Html]:
    for word in items["enum"]:
        ticked = {"checked": "checked"} if word in value else {}
        box = tag("input", type="checkbox", name=name, value=word, **ticked)
        title = root["properties"].get(word, {}).get("title", word)
        yield tag("label", box, f" {title}", class_="tick")


def _entry(schema: Schema, name: str, value: Value) -> Html:
    text = "" if value is None else str(value)
    words = YES_NO if schema.get("type") == "boolean" else {w: w for w in schema.get("enum", ())}
    if not words:
        text = text or str(schema.get("default") or "")
        hint = ", ".join(schema.get("examples", ()))
        more = {"title": schema["notation"]} if "notation" in schema else {}
        return tag("input", type="text", name=name, id=name, value=text, placeholder=hint, **more)
    options = [tag("option", "unknown", value="")]
    for word, shown in words.items():
        chosen = {"selected": "selected"} if word == text.lower() else {}
        options.append(tag("option", shown.replace("_", " "), value=word, **chosen))
    return tag("select", *options, name=name, id=name)


def filled(schema: Schema, root: Schema, name: str, fields: Mapping[str, list[str]]) -> Value:
    """What the fields of a form say, as the schema has it; None where they say nothing."""
    items = resolved(schema.get("items", {}), root)
    if "properties" in schema:
        dot = f"{name}." if name else ""
        said = ((k, filled(part, root, dot + k, fields)) for k, part in properties(schema, root))
        return {key: value for key, value in said if value not in (None, {}, [])}
    if "enum" in items:
        return fields.get(name, [])
    if items:
        mark, removed = re.compile(re.escape(name) + r"\[[0-9]+\]"), {*fields.get("remove", [])}
        records = [key for key in fields if mark.fullmatch(key) and key not in removed]
        return [filled(items, root, record, fields) for record in records]
    text = fields.get(name, [""])[0].strip()
    known: dict[str, bool] = (
        {"true": True, "false": False} if schema.get("type") == "boolean" else {}
    )
    return known.get(text, text or None)
