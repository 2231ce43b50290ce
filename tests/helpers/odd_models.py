"""History models of every shape that the shipped ones do not have."""

from typing import ClassVar, Literal, TypeAlias

from eligibility import Facts, History, MomentField, Record, Span, YesNo

Order: TypeAlias = tuple[tuple[str, str], ...]


class TwoPairs(Record):
    order: ClassVar[Order] = (("a", "b"), ("c", "d"))
    a: MomentField = None
    b: MomentField = None
    c: MomentField = None
    d: MomentField = None
    word: Literal["one"] | None = None


class Diamond(Record):
    order: ClassVar[Order] = (("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"))
    a: MomentField = None
    b: MomentField = None
    c: MomentField = None
    d: MomentField = None


class GatedChain(Record):
    order: ClassVar[Order] = (("a", "g"), ("g", "h"))
    exists_if: ClassVar[dict[str, str]] = {"g": "ok", "h": "ok"}
    a: MomentField = None
    ok: YesNo = None
    g: MomentField = None
    h: MomentField = None
    kind: Literal["x", "y"] | None = None


class GatedMiddle(Record):
    order: ClassVar[Order] = (("a", "g"), ("g", "b"))
    exists_if: ClassVar[dict[str, str]] = {"g": "ok"}
    a: MomentField = None
    ok: YesNo = None
    g: MomentField = None
    b: MomentField = None


class Stay(Span):
    plan: Literal["p", "q"] | None = None
    live: YesNo = None


class Visited(Span):
    order: ClassVar[Order] = (("start", "middle"), ("middle", "end"))
    middle: MomentField = None


class Seen(Span):
    exists_if: ClassVar[dict[str, str]] = {"seen": "ok"}
    ok: YesNo = None
    seen: MomentField = None


class About(Facts):
    x: YesNo = None
    y: YesNo = None


class Pairs(History):
    records: tuple[TwoPairs, ...] = ()
    stays: tuple[Stay, ...] = ()


class Chain(History):
    records: tuple[GatedChain, ...] = ()
    stays: tuple[Stay, ...] = ()
    visits: tuple[Visited, ...] = ()


class Middle(History):
    records: tuple[GatedMiddle, ...] = ()
    stays: tuple[Seen, ...] = ()


class OnlySpans(History):
    visits: tuple[Visited, ...] = ()
    stays: tuple[Stay, ...] = ()


class OnlyAnswers(History):
    about: About = About()
    z: YesNo = None


class Diamonds(History):
    records: tuple[Diamond, ...] = ()
    about: About = About()
    visits: tuple[Visited, ...] = ()


class OneList(History):
    stays: tuple[Stay, ...] = ()


ODD_MODELS = [Pairs, Chain, Middle, OnlySpans, OnlyAnswers, Diamonds, OneList]
