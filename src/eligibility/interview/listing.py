"""The records of a long list, in groups that no edge tells apart.

An archive has twenty thousand messages, most of which say the same but for their time. Records that
say the same of all else, and whose one moment is known as exactly, are sorted by it once; whatever
edges there are then cut the sorted row into few slices. One record of a slice stands for all.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from attrs import frozen

from eligibility.facts.boxes import Values
from eligibility.facts.normalise import KnownRecord

#: What a record says but for where its moments lie: values, and how exactly each moment is known.
_Form: TypeAlias = tuple[tuple[str, Values | int], ...]
#: A record, its form, and the first instants of the moments that it says.
_Known: TypeAlias = tuple[KnownRecord, _Form, list[int]]


@frozen(eq=False)
class _Row:
    """Records of one form, by the first instant of the one moment that they say, if they do."""

    width: int
    starts: list[int]
    records: list[KnownRecord]

    def cut(self, edges: Iterable[int]) -> Iterable[Sequence[KnownRecord]]:
        """The row in slices, none of which an edge divides."""
        at = {bisect_left(self.starts, cut) for edge in edges for cut in (edge, edge - self.width)}
        # a moment ends before an edge or not, as its first instant comes before `edge - width`
        ends = sorted({0, *at, len(self.records)})
        for first, last in pairwise(ends):
            yield self.records[first:last]


@frozen(eq=False)
class Listing:
    """The records of a list, by form; `apart` are those that stand each for itself."""

    rows: tuple[_Row, ...]
    apart: tuple[KnownRecord, ...]
    forms: Mapping[int, "_Known"]

    @classmethod
    def of(
        cls,
        records: Iterable[KnownRecord],
        closed: Collection[int],
        before: "Listing | None" = None,
    ) -> "Listing":
        """The records of a list; of those that are `closed`, something cannot be said any more.

        What was found of the same records `before` is not found again.
        """
        forms: dict[_Form, list[tuple[int, int, KnownRecord]]] = {}
        apart: list[KnownRecord] = []
        known = {} if before is None else before.forms
        kept: dict[int, _Known] = {}
        for record in records:
            last = known.get(record.index)
            if last is None or last[0] is not record:
                last = (record, *_form(record))
            kept[record.index] = last
            _, form, starts = last
            if record.index in closed or len(starts) > 1:
                apart.append(record)
            else:
                forms.setdefault(form, []).append(
                    (starts[0] if starts else 0, record.index, record)
                )
        rows = []
        for form, of_form in forms.items():
            of_form.sort()
            width = next((known for _, known in form if isinstance(known, int)), 0)
            rows.append(_Row(width, [at for at, _, _ in of_form], [each for _, _, each in of_form]))
        return cls(tuple(rows), tuple(apart), kept)

    def slices(self, edges: Iterable[int]) -> list[Sequence[KnownRecord]]:
        """All records, in slices that edges do not tell apart."""
        edges = tuple(edges)
        found = [part for row in self.rows for part in row.cut(edges) if part]
        return [*found, *([record] for record in self.apart)]


def _form(record: KnownRecord) -> tuple[_Form, list[int]]:
    form: list[tuple[str, Values | int]] = []
    starts = []
    for name, known in record.said.items():
        if isinstance(known, tuple):
            starts.append(known[0])
            form.append((name, known[1] - known[0]))
        else:
            form.append((name, known))
    return tuple(form), starts
