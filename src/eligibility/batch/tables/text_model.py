"""The same history model with its moments left as texts, for reading very many histories.

Half of what it costs to read a history are its moments, one by one. Where a model has nothing but
what the tables hold, declared as the engine's own fields are, pydantic checks everything else, and
the moments are read by the column afterwards. A text that is then no moment is the only thing that
such a model lets pass and the model itself does not.
"""

from functools import lru_cache
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, Field, GetCoreSchemaHandler, create_model, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from eligibility.facts.fields import members
from eligibility.facts.model import (
    EndField,
    Facts,
    History,
    MomentField,
    Record,
    Span,
    YesNo,
    unique_ids,
)
from eligibility.facts.records import ONE_OF
from eligibility.facts.shape import ListShape, shape
from eligibility.values.moment import Moment


class _AsText:
    """Beside `Moment`: whatever text stands there."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.str_schema(strict=True)


def _the_same(history: History) -> History:
    return history


_TEXT: Final[Any] = (Annotated[Moment, _AsText()] | None, None)
#: In place of the validator that sets the zone, for which pydantic first makes plain data of a
#: text (it also takes null where a list is left out; such a model does not), and of the one that
#: looks for contradictions, for which moments must have been read.
_IN_NO_ZONE: Final[dict[str, Any]] = dict.fromkeys(
    ("_read_in_zone", "_has_a_world"), model_validator(mode="after")(_the_same)
)
#: What a model could do otherwise when it validates.
_VALIDATING: Final = ("__get_pydantic_core_schema__", "model_validate", "model_validate_json")


@lru_cache(maxsize=128)
def with_texts(model: type[History]) -> type[History] | None:
    """A model that reads what this one reads, moments as texts; None where that is not sure."""
    seen = shape(model)
    if not _is_plain(model):
        return None
    lists: dict[str, Any] = {}
    for name, list_shape in seen.lists.items():
        texts: dict[str, Any] = dict.fromkeys(list_shape.moments, _TEXT)
        for word in list_shape.vocabulary:
            texts[word] = _words(list_shape.record.model_fields[word], list_shape.vocabulary[word])
        record = create_model(list_shape.record.__name__, __base__=list_shape.record, **texts)
        checks = model.model_fields[name].metadata
        lists[name] = (Annotated[_listed(record), unique_ids] if checks else _listed(record), ())
    return create_model(model.__name__, __base__=model, __validators__=_IN_NO_ZONE, **lists)


def _words(info: FieldInfo, words: tuple[str, ...]) -> Any:
    """A word or several, as pydantic reads them by itself; the tables take them as they stand."""
    word: Any = Literal[words]
    several = Annotated[tuple[word, ...], Field(min_length=1)]
    return Annotated[word | several | None, ONE_OF], ... if info.is_required() else None


def _listed(record: Any) -> Any:
    return tuple[record, ...]


def _is_plain(model: type[History]) -> bool:
    seen, fields = shape(model), model.model_fields
    if not _adds_nothing(model, History):
        return False
    for name, info in fields.items():
        if name in seen.lists:
            fits = _is_plain_list(info, seen.lists[name])
        elif name in History.model_fields:
            fits = _is_same(info, History.model_fields[name])
        else:
            fits = _is_bare(info, YesNo) or _is_group(info)
        if not fits:
            return False
    return True


def _is_plain_list(info: FieldInfo, list_shape: ListShape) -> bool:
    record = list_shape.record
    if not _adds_nothing(record, Span if list_shape.is_spans else Record):
        return False
    for name, each in record.model_fields.items():
        if name in list_shape.moments:
            fits = _is_bare(each, MomentField) or _is_bare(each, EndField)
            fits = fits and each.default is None and each.default_factory is None
        elif name in list_shape.yes_no:
            fits = _is_bare(each, YesNo)
        elif name in list_shape.vocabulary:
            words = {*list_shape.vocabulary[name], type(None)}
            fits = each.metadata == [ONE_OF] and {*members(each.annotation)} - {...} == words
            fits = fits and each.validation_alias is None
        else:
            fits = name in Record.model_fields and _is_same(each, Record.model_fields[name])
        if not fits:
            return False
    checks = [check for check in info.metadata if check is not unique_ids]
    is_listed = info.annotation == _listed(record) and info.default == ()
    return is_listed and info.validation_alias is None and not checks


def _is_group(info: FieldInfo) -> bool:
    group = info.annotation
    if not (isinstance(group, type) and issubclass(group, Facts) and _is_bare(info, group)):
        return False
    answers = group.model_fields.values()
    return _adds_nothing(group, Facts) and all(_is_bare(each, YesNo) for each in answers)


def _is_bare(info: FieldInfo, annotation: Any) -> bool:
    """Whether a field takes what the annotation says, and nothing else is asked of it."""
    return info.annotation == annotation and not info.metadata and info.validation_alias is None


def _is_same(info: FieldInfo, other: FieldInfo) -> bool:
    asked = (info.annotation, info.metadata, info.validation_alias)
    return asked == (other.annotation, other.metadata, other.validation_alias)


def _adds_nothing(model: type[BaseModel], base: type[BaseModel]) -> bool:
    """Whether validating a model does no more than what its base and its fields say."""
    return (
        model.model_config == base.model_config
        and _checks(model) == _checks(base)
        and not model.__pydantic_custom_init__
        and model.__pydantic_post_init__ is None
        and all(_own(model, name) is _own(base, name) for name in _VALIDATING)
    )


def _own(model: type[BaseModel], name: str) -> Any:
    return getattr(model, name).__func__


def _checks(model: type[BaseModel]) -> set[Any]:
    found = model.__pydantic_decorators__
    kinds: list[dict[str, Any]] = [found.field_validators, found.model_validators]
    kinds += [found.validators, found.root_validators]
    return {getattr(each.func, "__func__", each.func) for kind in kinds for each in kind.values()}
