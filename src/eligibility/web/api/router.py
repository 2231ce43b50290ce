"""The router: each path with what it takes and every answer that it gives, as OpenAPI says it.

FastAPI describes the paths by their signatures. What comes is read by `requests`, not by FastAPI,
which would read a body of any size, take a key that stands twice, and name only types that failed.
So each path stands twice: one route answers, and the one behind it is described. On both, what
whoever mounts the router depends on, such as a login, comes first.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, Literal

from attrs import evolve, frozen
from fastapi import APIRouter, Body, Header, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from eligibility.api import reading_of_case
from eligibility.arguments import expect
from eligibility.definition.class_definition import ClassDefinition
from eligibility.errors import EligibilityError
from eligibility.history import AccountHistory
from eligibility.interview.knowable import KNOWERS
from eligibility.rules import DIMENSIONS, SUPPOSITIONS, Reading, class_definition
from eligibility.values.timeline import COURT_ZONE
from eligibility.verdict.document import VerdictDocument
from eligibility.web.api import operations, problems
from eligibility.web.api.documents import (
    ArchiveDocument,
    ClassDocument,
    InterviewDocument,
    LetterDocument,
    NextDocument,
    StatusDocument,
    SurveyDocument,
)
from eligibility.web.api.examples import HISTORY_EXAMPLE, NEXT_EXAMPLE
from eligibility.web.api.requests import (
    Asked,
    Bounds,
    Offer,
    announces_more,
    body_of,
    closes,
    too_large,
)

#: What is quick is done at once, on the loop that serves, if what was sent is no longer than this.
#: All else goes to a thread, and others are served meanwhile: few records can take long to explain.
_SMALL: Final = 64 * 1024
#: What was decided of no more than this is explained at once, too: to hand it on takes as long.
_FEW: Final = 4 * 1024
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}


def eligibility_router(
    definition: ClassDefinition | None = None, *, bounds: Bounds | None = None
) -> APIRouter:
    """A router that decides by a definition, for any FastAPI app.

    Without a definition, it is the proposed class of De La Torre v. LinkedIn, and the query chooses
    a reading. Nothing that is sent is stored, or written to a log; whatever is wrong with it is
    answered as problem details (RFC 9457), all of it.

    >>> sorted({route.path for route in eligibility_router().routes})[:3]
    ['/archive', '/definition', '/interview']

    Args:
        definition: the class, over any history model.
        bounds: how much a request may bring; `Bounds()` has what is taken otherwise.
    """
    expect(definition, ClassDefinition | None, "definition")
    expect(bounds, Bounds | None, "bounds")
    offer = _offer(definition, bounds or Bounds())
    router = APIRouter(tags=["eligibility"])
    for path in _paths(offer):
        taken = ["GET", "HEAD"] if path.method == "GET" else [path.method]
        others = [method for method in _METHODS if method not in taken]
        hidden: dict[str, Any] = {"name": path.name, "include_in_schema": False}
        router.add_api_route(path.path, _answering(path, offer), methods=taken, **hidden)
        router.add_api_route(path.path, _refusing(", ".join(taken)), methods=others, **hidden)
        router.add_api_route(
            path.path,
            path.described(),
            methods=[path.method],
            name=path.name,
            summary=path.summary,
            response_model=path.model,
            responses={
                200: {"description": path.summary, **path.content},
                **problems.described(*path.wrong),
            },
        )
    return router


def _offer(definition: ClassDefinition | None, bounds: Bounds) -> Offer:
    chosen = class_definition() if definition is None else definition
    dimensions = {}
    if definition is None:
        dimensions = {
            name: tuple(each.value for each in values) for name, values in DIMENSIONS.items()
        }
    is_of_case = reading_of_case(chosen) is not None
    return Offer(
        chosen,
        dimensions,
        lambda words: class_definition(Reading.of(**words)),
        SUPPOSITIONS if is_of_case else {},
        issubclass(chosen.model, AccountHistory),
        is_of_case,
        bounds,
    )


# ---- the paths ---------------------------------------------------------------------------------


@frozen
class _Path:
    """One path: what it is called, what it takes, what it does, and what it answers.

    `most` is how many bytes its body may have; without any, a body is not read. With no more than
    `quick` of them, what it does takes no longer than to read what was sent.
    """

    method: str
    path: str
    name: str
    summary: str
    operation: operations.Operation
    takes: tuple[inspect.Parameter, ...] = ()
    model: type[BaseModel] | None = None
    content: Mapping[str, Any] = {}
    wrong: tuple[int, ...] = (422, 500)
    most: int = 0
    quick: int = -1

    def described(self) -> Callable[..., Awaitable[Response]]:
        """What FastAPI describes: a function of what the path takes. It is never called."""

        async def described(**_: Any) -> Response:
            raise NotImplementedError

        described.__doc__ = self.operation.__doc__
        described.__signature__ = inspect.Signature(list(self.takes))  # type: ignore[attr-defined]  # inspect's own protocol
        return described


def _answering(path: _Path, offer: Offer) -> Callable[[Request], Awaitable[Response]]:
    """What a path does: it reads what was sent within bounds, and answers."""

    async def answered(request: Request) -> Response:
        return await _answered(request, path, offer)

    return answered


def _refusing(taken: str) -> Callable[[Request], Awaitable[Response]]:
    """What a path says to other methods than those it takes: FastAPI's own answer is no problem."""

    async def refused(request: Request) -> Response:
        return problems.wrong_method(request.method, taken)

    return refused


async def _answered(request: Request, path: _Path, offer: Offer) -> Response:
    try:
        if path.most and announces_more(request, path.most):
            return problems.refusal(too_large(path.most), problems.BeforeTheEnd)
        try:
            body = await body_of(request, path.most) if path.most else b""
        except EligibilityError as error:
            kind = problems.BeforeTheEnd if closes(request) else Response
            return problems.refusal(error, kind)
        asked = Asked(request.query_params.multi_items(), body, request.headers)
        step = partial(path.operation, offer, asked)
        if len(body) > path.quick:
            return await run_in_threadpool(_to_its_end, step)
        done = step()
        return done if isinstance(done, Response) else await run_in_threadpool(done)
    except EligibilityError as error:
        return problems.refusal(error)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is there to read it
    except Exception as error:  # noqa: BLE001 - a traceback in a log would quote what was sent
        return problems.failure(error)


def _to_its_end(step: Callable[[], Response | operations.Rest]) -> Response:
    """What a step answers, once all of it is done where it was begun."""
    done = step()
    return done if isinstance(done, Response) else done()


def _paths(offer: Offer) -> Iterator[_Path]:
    readings = tuple(_word(name, words, words[0]) for name, words in offer.dimensions.items())
    names = tuple(offer.suppositions)
    supposing = (_word("supposing", names, None),) if names else ()
    takes = (_history(offer), *supposing, *readings)
    bounds = offer.bounds
    with_body = evolve(
        _Path("POST", "", "", "", operations.decide), wrong=(413, 422, 500), most=bounds.body
    )
    yield evolve(
        with_body,
        path="/verdict",
        name="decide",
        summary="Decide about one account, and say why",
        takes=takes,
        model=VerdictDocument,
        quick=_FEW,
    )
    yield evolve(
        with_body,
        path="/status",
        name="decide_in_short",
        summary="Decide about one account, and say no more than that",
        operation=operations.decide_in_short,
        takes=takes,
        model=StatusDocument,
        quick=_SMALL,
    )
    if offer.has_survey:
        yield evolve(
            with_body,
            path="/survey",
            name="survey",
            summary="Decide about one account under every reading",
            operation=operations.under_every_reading,
            takes=(_history(offer), *supposing),
            model=SurveyDocument,
        )
    yield evolve(
        with_body,
        path="/letter",
        name="letter",
        summary="Write a letter about it",
        operation=operations.letter,
        takes=(*takes, _word("form", operations.LETTER_FORMS, operations.LETTER_FORMS[0])),
        model=LetterDocument,
        content={
            "content": {"text/html": {"schema": {"type": "string"}}, "application/pdf": _BINARY}
        },
        wrong=(413, 422, 500, 501),
    )
    yield evolve(
        with_body,
        path="/interview",
        name="begin_interview",
        summary="Begin an interview: its first question",
        operation=operations.begin,
        takes=(*takes, _word("knower", KNOWERS, "claimant")),
        model=InterviewDocument,
    )
    yield evolve(
        with_body,
        path="/interview/next",
        name="go_on_with_interview",
        summary="Answer a question of an interview: the next one, or the verdict",
        operation=operations.go_on,
        takes=(_body(NextDocument, NEXT_EXAMPLE), *readings),
        model=InterviewDocument,
    )
    if offer.has_archive:
        yield evolve(
            with_body,
            path="/archive",
            name="read_archive",
            summary="Read an export archive, which is not kept, into a history",
            operation=operations.archive,
            takes=_of_archive(),
            model=ArchiveDocument,
            most=bounds.archive,
        )
    get = _Path("GET", "", "", "", operations.define, quick=0)
    yield evolve(
        get,
        path="/definition",
        name="definition",
        summary="The class definition, clause by clause, with its sources",
        takes=readings,
        model=ClassDocument,
    )
    schema = {"content": {"application/json": {"schema": {"type": "object"}}}}
    for name, operation in (
        ("history", operations.history_schema),
        ("verdict", operations.verdict_schema),
    ):
        yield evolve(
            get,
            path=f"/schema/{name}",
            name=f"{name}_schema",
            summary=f"The JSON Schema of a {name}",
            operation=operation,
            content=schema,
        )


# ---- what they take ----------------------------------------------------------------------------


def _word(name: str, words: tuple[str, ...], default: str | None) -> inspect.Parameter:
    """A word of the query, one of some."""
    kind: Any = Literal[words]
    return _parameter(name, kind if default is not None else kind | None, Query(default))


def _history(offer: Offer) -> inspect.Parameter:
    """A history as the body, with an example where it is one of the case."""
    is_of_case = issubclass(offer.model, AccountHistory)
    return _body(offer.model, HISTORY_EXAMPLE if is_of_case else {"account_id": "A-1001"})


def _body(model: type[BaseModel], example: dict[str, Any]) -> inspect.Parameter:
    return _parameter("body", model, Body(openapi_examples={"example": {"value": example}}))


def _of_archive() -> tuple[inspect.Parameter, ...]:
    return (
        _parameter("body", bytes, Body(media_type="application/zip")),
        _parameter(
            "time_zone",
            str,
            Query(COURT_ZONE, description="The zone in which dates without one are read."),
        ),
        _parameter("owner", str | None, Header(None, alias=operations.OWNER_HEADER)),
    )


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=default, annotation=annotation)
