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


@frozen(eq=False)
class _Row:
    """Records of one form, by the first instant of the one moment that they say, if they do."""

    width: int
    starts: list[int]
    records: list[KnownRecord]

    def without(self, gone: Collection[int]) -> "_Row":
        """The row without records at some places of the whole list."""
        kept = [at for at, record in enumerate(self.records) if record.index not in gone]
        if len(kept) == len(self.records):
            return self
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
    """The records of a list, by form; `apart` are those that stand each for itself."""

    rows: Mapping[_Form, _Row]
    apart: tuple[KnownRecord, ...]
    records: tuple[KnownRecord, ...]
    closed: Mapping[int, frozenset[str]]

    @classmethod
    def of(
        cls,
        records: tuple[KnownRecord, ...],
        closed: Mapping[int, frozenset[str]],
        listed: int,
        before: "Listing | None" = None,
    ) -> "Listing":
        """The records of a list; of those that are `closed`, some fields cannot be said any more.

        Only the first of them, so many as were `listed`, are grouped: what is said in an interview
        stands for itself. What was found of the same records `before` is not found again.
        """
        rows: dict[_Form, _Row] = {}
        changed: Iterable[int] = range(listed)
        if before is not None:
            pairs = zip(records, before.records, strict=False)
            found = {at for at, (now, then) in enumerate(pairs) if now is not then}
            found |= {at for at in closed if closed[at] != before.closed.get(at)}
            changed = [at for at in sorted(found) if at < listed]
            gone = frozenset(changed)
            rows = {form: row.without(gone) for form, row in before.rows.items()}
        new: dict[_Form, list[tuple[int, int]]] = {}
        apart = [] if before is None else [r for r in before.apart if r.index not in found]
        for at in changed:
            form, starts = _form(records[at])
            if len(starts) > 1:
                apart.append(records[at])
            else:
                form = (*form, ("", closed.get(at, frozenset())))
                new.setdefault(form, []).append((starts[0] if starts else 0, at))
        for form, pairs_of in new.items():
            width = next((known for _, known in form if isinstance(known, int)), 0)
            if form in rows:
                known = zip(rows[form].starts, rows[form].records, strict=True)
                pairs_of += [(start, record.index) for start, record in known]
            pairs_of.sort()
            starts = [start for start, _ in pairs_of]
            rows[form] = _Row(width, starts, [records[at] for _, at in pairs_of])
        said = (record for record in records[listed:])
        apart = [record for record in apart if record.index < listed]
        return cls(rows, (*apart, *said), records, dict(closed))

    def slices(self, edges: Iterable[int]) -> list[Sequence[KnownRecord]]:
        """All records, in slices that edges do not tell apart."""
        edges = tuple(edges)
        found = [part for row in self.rows.values() for part in row.cut(edges) if part]
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
