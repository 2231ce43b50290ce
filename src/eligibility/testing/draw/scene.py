"""Writes an account around a core, so that it is in the class but for one thing, or for nothing.

One leaf of the definition may be broken on purpose, or one fact be left open so that the outcome
turns on it. Lists of spans are written so that they cover the core, or miss it, as that needs.
"""

from attrs import define, field

from eligibility.audit.spans import asked_of
from eligibility.definition.class_definition import ClassDefinition
from eligibility.definition.conditions import Ever, Is, Leaf, SpanLeaf, Uncovered
from eligibility.definition.normal_form import Disjunct
from eligibility.facts.boxes import Bounds
from eligibility.facts.paths import field_of
from eligibility.facts.shape import ListShape, shape
from eligibility.testing.draw.core import Core, CoreWriter, Opening, best
from eligibility.testing.draw.histories import Draft, RecordData, free_answers, free_record
from eligibility.testing.draw.instants import Draws
from eligibility.testing.draw.spans import ALWAYS, SpanDrawer, around
from eligibility.testing.draw.statements import close
from eligibility.testing.draw.turning import disjunct_of, ends_of
from eligibility.values.timeline import EARLIEST, LATEST
from eligibility.values.timeset import TimeSet


@define
class Scene:
    """One account that is being written around a core, `core.record`, if it has one."""

    draws: Draws
    definition: ClassDefinition
    broken: Leaf | None = None
    opening: Opening | None = None
    core: Core | None = None
    draft: Draft = field(init=False)

    @draft.default
    def _blank(self) -> Draft:
        return Draft(self.draws, shape(self.definition.model))

    @property
    def disjunct(self) -> Disjunct:
        """The one disjunct of a definition in the exact fragment."""
        return disjunct_of(self.definition)

    def write(self) -> None:
        """Write core, lists and answers; nothing is put into the core's own list yet."""
        record_list, list_shape = self.definition.record_list, self.definition.list_shape
        if record_list is not None and list_shape is not None:
            writer = CoreWriter(
                self.draws, record_list, list_shape, self.disjunct, self.broken, self.opening
            )
            self.write_around(writer.written())
        else:
            self.write_around(None)

    def write_around(self, core: Core | None) -> None:
        """Write lists and answers around a core, or around nothing."""
        self.core = core
        for name, spans in self.draft.seen.lists.items():
            if name != self.definition.record_list:
                self._write_list(name, spans)
        self._write_answers()

    def _write_answers(self) -> None:
        asked = {only.path: only.values for only in self.disjunct.answers}
        free_answers(self.draft, frozenset(asked))
        for path, allowed in asked.items():
            fails = isinstance(self.broken, Is) and self.broken.path == path
            if self.opening is None or self.opening.path != path:
                values = [value for value in (False, True) if (value in allowed) is not fails]
                self.draft.answers[path] = self.draws.choose(values)

    def _write_list(self, name: str, list_shape: ListShape) -> None:
        readers = [leaf for leaf in self.disjunct.span_leaves if leaf.spans == name]
        hulls = self.core.hulls if self.core else {}
        readers = [r for r in readers if isinstance(r, Ever) or field_of(r.moment) in hulls]
        if not readers:
            count = self.draws.choose(range(3))
            self.draft.lists[name] = [free_record(self.draws, list_shape) for _ in range(count)]
            is_complete = self.draws.flip()
        else:
            writer = SpansWriter(self, list_shape, readers)
            self.draft.lists[name] = writer.written()
            if writer.complete:
                holes = writer.holes.spans
                edges = {"start": (EARLIEST, holes[-1][1]), "end": (holes[0][0], LATEST)}
                close(self.draft, name, asked_of(readers[0].where), edges)
            is_complete = writer.complete is None and self.draws.flip()
        if is_complete:
            self.draft.complete.add(name)


@define
class SpansWriter:
    """Writes one list of spans as its readers need it.

    `complete` says if no span may be missing that covers an instant of `holes`.
    """

    scene: Scene
    list_shape: ListShape
    readers: list[SpanLeaf]
    complete: bool | None = None
    holes: TimeSet = TimeSet.EMPTY

    draws: Draws = field(init=False)
    spans: SpanDrawer = field(init=False)

    @draws.default
    def _of_scene(self) -> Draws:
        return self.scene.draws

    @spans.default
    def _through_one_filter(self) -> SpanDrawer:
        return SpanDrawer(self.scene.draws, self.list_shape, self.readers[0].where)

    def written(self) -> list[RecordData]:
        """The spans, in any order."""
        opening = self.scene.opening
        if opening is not None and opening.list == self.readers[0].spans:
            spans, holes = self._opened(opening)
        else:
            spans, holes = self._satisfying()
        self.holes = holes
        for _ in range(self.draws.choose(range(3))):
            other = (
                free_record(self.draws, self.list_shape)
                if holes.is_empty
                else self.spans.missing(holes)
            )
            if other is not None:
                spans.insert(self.draws.choose(range(len(spans) + 1)), other)
        return spans

    def _hull(self, leaf: SpanLeaf, holes: TimeSet = TimeSet.EMPTY) -> Bounds:
        """What a span is to cover, or to miss; of an `Ever`, if it can, outside of some holes."""
        if isinstance(leaf, Ever):
            at = self.draws.instant(best(leaf.times, ~holes))
            return at, at
        assert self.scene.core is not None  # noqa: S101 - a moment is tested, so there is a record
        return self.scene.core.hulls[field_of(leaf.moment)]

    def _outside(self, leaf: SpanLeaf) -> int | None:
        """Where the open moment that is to turn on this leaf would not do."""
        opening, core = self.scene.opening, self.scene.core
        if core is None or opening is None or opening.leaf != leaf or isinstance(leaf, Ever):
            return None
        return core.outside.get(field_of(leaf.moment))

    def _satisfying(self) -> tuple[list[RecordData], TimeSet]:
        """Spans with which every reader is met, but for one that is to be broken."""
        holes, met = TimeSet.EMPTY, list[SpanLeaf]()
        wanted: list[Bounds] = []
        for leaf in self.readers:
            outside = self._outside(leaf)
            if isinstance(leaf, Uncovered) is (leaf == self.scene.broken):
                met.append(leaf)
                if outside is not None:
                    holes |= TimeSet.of((outside, outside))
            else:
                holes |= leaf.times if isinstance(leaf, Ever) else TimeSet.of(self._hull(leaf))
                if outside is not None:
                    wanted.append((outside, outside))
        if not holes.is_empty:
            self.complete = True
        wanted += [self._hull(leaf, holes) for leaf in met]
        return [span for hull in wanted for span in self._covering(hull, holes)], holes

    def _covering(self, hull: Bounds, holes: TimeSet) -> list[RecordData]:
        """Spans that cover a hull and none of some instants; none if that cannot be."""
        if not (TimeSet.of(hull) & holes).is_empty:
            return []
        room = around(~holes, hull[0]) if holes.spans else ALWAYS
        if self.draws.flip() and hull[0] < hull[1]:
            return self.spans.covering_together(hull, room)
        return [self.spans.covering(hull, room)]

    # ---- a list on which the outcome turns ----

    def _opened(self, opening: Opening) -> tuple[list[RecordData], TimeSet]:
        """One span on which the outcome turns, or none if it turns on there being one more."""
        key = field_of(opening.path)
        hulls = [self._hull(leaf) for leaf in self.readers if not isinstance(leaf, Ever)]
        if not hulls:
            return self._opened_ever(opening, key)
        hull = min(first for first, _ in hulls), max(last for _, last in hulls)
        holes = TimeSet.of(hull)
        self.complete = not opening.path.startswith("complete.")
        others = [
            span
            for leaf in self.readers
            if isinstance(leaf, Ever) and (leaf.times & holes).is_empty
            for span in self._covering(self._hull(leaf), holes)
        ]
        if not self.complete:
            return others, holes
        return [*others, self._turning(hull, key)], holes

    def _turning(self, hull: Bounds, key: str) -> RecordData:
        """A span that covers a hull, or not all of it, or none of it where it harms."""
        first, last = hull
        harms = isinstance(self.readers[0], Uncovered)
        if key == "start":
            near = self.draws.instant(TimeSet.of((EARLIEST, first)))
            far = self.draws.instant(TimeSet.since((last if harms else first) + 1))
            other = (max(far, last), LATEST)
        elif key == "end":
            near = self.draws.instant(TimeSet.since(last))
            far = self.draws.instant(TimeSet.of((EARLIEST, (first if harms else last) - 1)))
            other = (EARLIEST, min(far, first))
        else:
            return self.spans.open_field(hull, key)
        return self.spans.open_edge(key, (near, far), other)

    def _opened_ever(self, opening: Opening, key: str) -> tuple[list[RecordData], TimeSet]:
        times = TimeSet.union(
            span for leaf in self.readers if isinstance(leaf, Ever) for span in leaf.times.spans
        )
        self.complete = not opening.path.startswith("complete.")
        if not self.complete:
            return [], times
        if key not in ("start", "end"):
            at = self.draws.instant(times)
            return [self.spans.open_field((at, at), key)], times
        first, last = self.draws.choose(ends_of(times, key))
        at = self.draws.instant(TimeSet.of((first, last)))
        gap = around(~times, last + 1 if key == "start" else first - 1)
        far = self.draws.instant(TimeSet.of(gap))
        other = (far, gap[1]) if key == "start" else (gap[0], far)
        return [self.spans.open_edge(key, (at, far), other)], times
