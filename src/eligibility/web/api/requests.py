"""What a request brings: a body that is read no further than a limit, and words of the query.

Whatever length was announced, the bytes are counted as they come. What is wrong with the query and
with the body is found together.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeVar

from attrs import frozen
from fastapi import Request

from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError, InvalidHistory, Problem, shown
from eligibility.facts.model import History
from eligibility.facts.read import parse_json, read_history
from eligibility.facts.supposition import Supposition
from eligibility.linkedin.stream import Limits

T = TypeVar("T")

_MIB: Final = 1024 * 1024


#: What is read of an archive that a stranger sends; a heavy member's own has less.
_UNPACKED: Final = Limits(
    entries=2_000, total_bytes=64 * _MIB, rows=100_000, messages=20_000, receipts=2_000
)


@frozen
class Bounds:
    """How much a request may bring.

    Args:
        body: bytes of a history or of an interview.
        archive: bytes of an archive.
        records: records of a history, in all.
        unpacked: what is read of an archive at most.
    """

    body: int = 8 * _MIB
    archive: int = 32 * _MIB
    records: int = 25_000
    unpacked: Limits = _UNPACKED


def announces_more(request: Request, most: int) -> bool:
    """Whether a request says of its body that it has more bytes than that."""
    announced = request.headers.get("content-length", "")
    return announced.isdecimal() and (len(announced) > 15 or int(announced) > most)


def closes(request: Request) -> bool:
    """Whether the server is asked to close the connection with its answer."""
    return "close" in request.headers.get("connection", "").lower()


async def body_of(request: Request, most: int) -> bytes:
    """The body of a request, or the refusal of one that is too large, whatever it announced."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > most:
            raise too_large(most)
    return bytes(read)


def too_large(most: int) -> InvalidHistory:
    """The refusal of a body of more bytes than that."""
    words = f"What was sent has more than {most:,} bytes."
    return InvalidHistory([Problem("too-large", "", words, "Send less.")])


class Asked:
    """What one request asks: words of its query, each said once, and its body.

    Problems are kept until all of the request has been looked at; `checked` raises them together.
    """

    def __init__(
        self, query: list[tuple[str, str]], body: bytes, headers: Mapping[str, str]
    ) -> None:
        self.body = body
        self.headers = headers
        self.words: dict[str, str] = {}
        self._found: list[Problem] = []
        for name, word in query:
            if name in self.words:
                self._wrong(name, f"`{shown(name)}` is said twice.", "Say it once.")
            self.words[name] = word

    def _wrong(self, name: str, words: str, hint: str, code: str = "query-parameter") -> None:
        self._found.append(Problem(code, shown(name), words, hint))

    def trying(self, step: Callable[[], T]) -> T | None:
        """What a step returns; None, with its problems kept, if it refuses what was asked."""
        try:
            return step()
        except EligibilityError as error:
            self._found += error.problems
            return None

    def one_of(self, name: str, words: Collection[str], default: str | None) -> str | None:
        """A word of the query, one of some."""
        word = self.words.pop(name, default)
        if word is not None and word != default and word not in words:
            hint = f"Write {' or '.join(f'`{each}`' for each in words)}." if words else ""
            self._wrong(name, f"`{shown(name)}` cannot be `{shown(word)}`.", hint)
            return default
        return word

    def refuse_others(self, known: Collection[str]) -> None:
        """Keep as problems whatever the query says besides."""
        for name in self.words.keys() - set(known):
            hint = f"There are {', '.join(known)}." if known else "Leave it out."
            self._wrong(name, f"There is no parameter `{shown(name)}`.", hint)

    def checked(self) -> None:
        """Refuse the request if anything is wrong with it.

        Raises:
            InvalidHistory: with all that was found.
        """
        if self._found:
            raise InvalidHistory(self._found)


@frozen
class Offer:
    """What is offered over HTTP: a definition under the readings that there are.

    Args:
        definition: the class, under its default reading.
        dimensions: the words of each disputed term that the query may choose, the default first.
        of: the definition under the words that were chosen.
        suppositions: what may be supposed, by name.
        has_archive: whether exports can be read into its histories.
        has_survey: whether all of its readings are known.
        bounds: how much a request may bring.
    """

    definition: ClassDefinition
    dimensions: Mapping[str, tuple[str, ...]]
    of: Callable[[Mapping[str, str]], ClassDefinition]
    suppositions: Mapping[str, Supposition]
    has_archive: bool
    has_survey: bool
    bounds: Bounds

    @property
    def model(self) -> type[History]:
        """The kind of history that it decides about."""
        return self.definition.model

    def definition_for(self, asked: Asked) -> ClassDefinition:
        """The definition under the reading that the query chooses; all else there is refused."""
        words = {name: asked.words[name] for name in self.dimensions if name in asked.words}
        asked.refuse_others(self.dimensions)
        chosen = asked.trying(lambda: self.of(words)) if words else None
        return self.definition if chosen is None else chosen

    def supposition_for(self, asked: Asked) -> Supposition | None:
        """What the query supposes."""
        name = asked.one_of("supposing", tuple(self.suppositions), None)
        return None if name is None else self.suppositions.get(name)

    def history_for(self, asked: Asked) -> History:
        """The history that the body states, once the query has been looked at.

        Raises:
            InvalidHistory: with all that is wrong with the request.
        """

        def step() -> History:
            return read_history(asked.body, self.model, most_records=self.bounds.records)

        history = asked.trying(step)
        asked.checked()
        assert history is not None  # noqa: S101 - or there was a problem, which was raised
        return history

    def object_for(self, asked: Asked) -> dict[str, Any]:
        """The object that the body is."""
        data = parse_json(asked.body, most_records=self.bounds.records)
        if not isinstance(data, dict):
            words = "This must be an object."
            hint = 'Write it in braces, such as `{"interview": …}`.'
            raise InvalidHistory([Problem("wrong-type", "", words, hint)])
        return data
