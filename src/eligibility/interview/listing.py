"""The records of a long list, in groups that no edge tells apart.

An archive has twenty thousand messages, most of which say the same but for their time. Records that
say the same of all else, and whose one moment is known as exactly, are sorted by it once; whatever
edges there are then cut the sorted row into few slices. One record of a slice stands for all.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import compress, count, pairwise
from operator import is_not
from typing import TypeAlias

from attrs import frozen

from eligibility.definition.class_definition import ClassDefinition
from eligibility.facts.boxes import Values
from eligibility.facts.known import KnownHistory, KnownRecord
from eligibility.verdict.alike import values_that_count

#: What a record says that counts, but for where its moments lie: values, and how exactly each is
#: known.
_Form: TypeAlias = tuple[tuple[str, Values | int], ...]


@frozen(eq=False)
class _Row:
    """Records of one form, by the first instant of the one moment that they say, if they do."""

    width: int
    starts: list[int]
    records: list[KnownRecord]

    def without(self, gone: Collection[int]) -> "_Row":
        """The row without records at some places of the whole list."""
        kept = [at for at, record in enumerate(self.records) if record.index not in gone]
        return _Row(self.width, [self.starts[at] for at in kept], [self.records[at] for at in kept])

    def cut(self, edges: Iterable[int]) -> Iterable[Sequence[KnownRecord]]:
        """The row in slices, none of which an edge divides."""
        at = {bisect_left(self.starts, cut) for edge in edges for cut in (edge, edge - self.width)}
        # a moment ends before an edge or not, as its first instant comes before `edge - width`
        ends = sorted({0, *at, len(self.records)})
        for first, last in pairwise(ends):
            yield self.records[first:last]


@frozen(eq=False)
class Listing:
    """The records of a list, by form; `apart` are those that stand each for itself.

    The first so many as are `listed` were there from the start, and are grouped; fields of some are
    `closed`, of which no more can be said. Values that are not `asked` for tell nothing apart.
    """

    rows: Mapping[_Form, _Row]
    apart: tuple[KnownRecord, ...]
    records: tuple[KnownRecord, ...]
    closed: Mapping[int, frozenset[str]]
    listed: int
    asked: frozenset[str]

    @classmethod
    def nothing(cls, facts: KnownHistory, definition: ClassDefinition, listed: int) -> "Listing":
        """No records yet; only the first of those to come, so many as are `listed`, are grouped.

        What is said in an interview stands for itself.
        """
        name = definition.record_list
        asked = values_that_count(definition, facts.shape.lists[name]) if name else frozenset[str]()
        return cls({}, (), (), {}, listed, asked)

    def now(
        self, records: tuple[KnownRecord, ...], closed: Mapping[int, Collection[str]]
    ) -> "Listing":
        """The records as they are by now, more fields of some being `closed`: no more can be said.

        What was found of the same records before is not found again.
        """
        changed = {*compress(count(), map(is_not, records, self.records))}
        changed = {at for at in changed.union(closed) if at < self.listed}
        moved = sorted(changed.union(range(len(self.records), self.listed)))
        every = {**self.closed}
        for at, keys in closed.items():
            every[at] = every.get(at, frozenset()).union(keys)
        were = (self.records[at] for at in changed if at < len(self.records))
        left = {self._form(record, self.closed)[0] for record in were}
        rows = {f: row.without(changed) if f in left else row for f, row in self.rows.items()}
        apart = [r for r in self.apart if r.index < self.listed and r.index not in changed]
        new: dict[_Form, list[tuple[int, int]]] = {}
        for at in moved:
            form, starts = self._form(records[at], every)
            if len(starts) > 1:
                apart.append(records[at])
            else:
                new.setdefault(form, []).append((starts[0] if starts else 0, at))
        for form, found in new.items():
            width = next((known for _, known in form if isinstance(known, int)), 0)
            if form in rows:
                known = zip(rows[form].starts, rows[form].records, strict=True)
                found += [(start, record.index) for start, record in known]
            found.sort()
            starts = [start for start, _ in found]
            rows[form] = _Row(width, starts, [records[at] for _, at in found])
        apart += records[self.listed :]
        return Listing(rows, tuple(apart), records, every, self.listed, self.asked)

    def slices(self, edges: Iterable[int]) -> list[Sequence[KnownRecord]]:
        """All records, in slices that edges do not tell apart."""
        edges = tuple(edges)
        found = [part for row in self.rows.values() for part in row.cut(edges) if part]
        return [*found, *([record] for record in self.apart)]

    def _form(
        self, record: KnownRecord, closed: Mapping[int, frozenset[str]]
    ) -> tuple[_Form, list[int]]:
        """The form of a record, and the first instants of the moments that it says."""
        form: list[tuple[str, Values | int]] = []
        starts = []
        for name, known in record.said.items():
            if isinstance(known, tuple):
                starts.append(known[0])
                form.append((name, known[1] - known[0]))
            elif name in self.asked:
                form.append((name, known))
        form.append(("", closed.get(record.index, frozenset())))
        return tuple(form), starts
