"""Words of a vocabulary, and several of them, as they stand in a column; as numbers they go out.

A text holds one word, or several with `|` between (`premium_career|premium_business`: one of these,
it is not known which); a list column holds the words of each row as a list.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from eligibility.batch.tables.schema import NO_YES, UNKNOWN, several

#: What stands between words of which it is one.
OR: Final = "|"
#: Words that say yes or no in any table, in any case.
_YES_NO: Final = dict.fromkeys(("true", "t", "yes", "y"), 1) | dict.fromkeys(
    ("false", "f", "no", "n"), 0
)


def is_text(kind: pl.DataType) -> bool:
    """Whether each row of a column holds a text, however texts are kept."""
    return kind in (pl.String, pl.Categorical, pl.Enum)


def is_list(kind: pl.DataType) -> bool:
    """Whether each row of a column holds a list."""
    return isinstance(kind, pl.List | pl.Array)


def as_words(value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """A list column as lists of texts."""
    listed = value.arr.to_list() if isinstance(kind, pl.Array) else value
    return listed.cast(pl.List(pl.String))


def as_one_text(value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """A list column as texts that mean the same; what is no list of words is none as a text."""
    listed = as_words(value, kind)
    text = listed.list.eval(pl.element().fill_null("")).list.join(OR)
    return pl.when(text == "").then(pl.lit(OR)).otherwise(text)


def text_of_words(words: Iterable[object]) -> str:
    """The same of one list.

    Raises:
        TypeError: it holds what is no text.
    """
    return OR.join("" if word is None else str.__str__(word) for word in words) or OR


def numbers_of_texts(said: pl.Expr, words: tuple[str, ...], kind: pl.DataType) -> pl.Expr:
    """Texts as numbers; null where one is no word of the vocabulary, nor several."""
    known = _numbered(words)

    def read(texts: pl.Series) -> pl.Series:
        found = texts.replace_strict(known, default=None, return_dtype=kind)
        others = (found.is_null() & texts.is_not_null()).arg_true()
        if len(others):
            written = texts.gather(others)
            each = written.unique()
            numbers = each.to_frame("text").select(_in_other_words(pl.col("text"), words, kind))
            read = written.replace_strict(each, numbers.to_series(), return_dtype=kind)
            found = found.scatter(others, read)
        return found

    return said.map_batches(read, return_dtype=kind, is_elementwise=True)


def _in_other_words(said: pl.Expr, words: tuple[str, ...], kind: pl.DataType) -> pl.Expr:
    """Words in another case, as numbers, or several of them."""
    numbers = range(UNKNOWN, len(words))  # `1.0` is how a CSV file has a column with gaps
    forms = (str, "{}.0".format)
    codes = {"unknown": UNKNOWN} | {form(n): n for n in numbers for form in forms}
    codes |= _YES_NO if words == NO_YES else _numbered(words)
    folded, exact = _by_case(codes)
    read = said.str.to_lowercase().replace_strict(folded, default=None, return_dtype=kind)
    if exact:
        also = said.replace_strict(exact, default=None, return_dtype=kind)
        read = pl.coalesce(read, also)
    return read if words == NO_YES else pl.coalesce(read, _several(said, words, kind))


def _several(said: pl.Expr, words: tuple[str, ...], kind: pl.DataType) -> pl.Expr:
    known = _by_case(_numbered(words))

    def read(texts: pl.Series) -> pl.Series:
        named = texts.filter(texts.str.contains(OR, literal=True).fill_null(value=False)).unique()
        if named.is_empty():
            return pl.repeat(None, len(texts), dtype=kind, eager=True)
        numbers = {text: _number(text.split(OR), known, len(words)) for text in named}
        return texts.replace_strict(numbers, default=None, return_dtype=kind)

    return said.map_batches(read, return_dtype=kind, is_elementwise=True)


def numbers_of_lists(said: pl.Expr, words: tuple[str, ...], kind: pl.DataType) -> pl.Expr:
    """Lists of words as numbers; null where a list is empty, or holds what is no word."""
    known = _by_case(_numbered(words))

    def read(lists: pl.Series) -> pl.Series:
        seen: dict[tuple[str | None, ...] | None, int | None] = {None: None}
        numbers = []
        for each in lists.to_list():
            listed = None if each is None else tuple(each)
            if listed not in seen:
                seen[listed] = _number(listed or (), known, len(words))
            numbers.append(seen[listed])
        return pl.Series(lists.name, numbers, dtype=kind)

    return said.map_batches(read, return_dtype=kind, is_elementwise=True)


def number_of(words: Iterable[object], vocabulary: Sequence[str]) -> int:
    """The number of several words of a vocabulary."""
    places = {vocabulary.index(str(word)) for word in words}
    return _joined(places, len(vocabulary))


def words_of(number: int, vocabulary: Sequence[str]) -> str | list[str] | None:
    """The word, or the words, that a number stands for; None if it says nothing."""
    if number == UNKNOWN:
        return None
    if number > UNKNOWN:
        return vocabulary[number]
    bits = UNKNOWN - number
    return [word for place, word in enumerate(vocabulary) if bits >> place & 1]


def _numbered(words: Sequence[str]) -> dict[str, int]:
    return {word: number for number, word in enumerate(words)}


def _by_case(codes: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Words in lower case, where that leaves no doubt, and the others as they are."""
    lower = [word.lower() for word in codes]
    folded = {word.lower(): code for word, code in codes.items() if lower.count(word.lower()) == 1}
    return folded, {word: code for word, code in codes.items() if word.lower() not in folded}


def _number(
    words: Sequence[str | None], known: tuple[Mapping[str, int], Mapping[str, int]], size: int
) -> int | None:
    folded, exact = known
    places: set[int] = set()
    for word in words:
        found = None if word is None else folded.get(word.lower(), exact.get(word))
        if found is None or found == UNKNOWN:
            return None
        places.add(found)
    return _joined(places, size) if places else None


def _joined(places: set[int], size: int) -> int:
    if len(places) == size:
        return UNKNOWN
    return several(places) if len(places) > 1 else min(places)
