"""Tries the API with what its description allows, and with what it does not.

    python benchmarks/try_api.py --examples 2000

Schemathesis draws requests from the OpenAPI document, valid and invalid. The library's own
strategies draw histories that get further: they are decided, written about and interviewed. No
answer may be a failure of the server, nor have a status, a media type or a shape that the document
does not have. What does is raised, with the request that shows it.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks

from eligibility.rules import class_definition
from eligibility.testing import strategies as drawn
from eligibility.web import eligibility_router
from eligibility.web.api.requests import Bounds

EXPORT = Path(__file__).parent.parent / "examples" / "archive" / "ada-example-export.zip"
NAMES = {
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
}
Seen = Counter[tuple[str, int]]

load_all_checks()
_CHECKS = [each for each in CHECKS.get_all() if each.__name__ in NAMES]
if {each.__name__ for each in _CHECKS} != NAMES:
    raise ImportError("This Schemathesis names its checks in another way.")


@schemathesis.serializer("application/zip")
def _as_it_is(_context: Any, value: Any) -> bytes:
    """The bytes of a body that is a file: some of the export, some of anything."""
    whole = EXPORT.read_bytes()
    if isinstance(value, bytes):
        return value
    text = str(value).encode("utf-8", "replace")
    return whole if len(text) % 3 == 0 else whole[: len(whole) - len(text)] + text


def bounded() -> FastAPI:
    """An app with the router, which refuses a little sooner than it would."""
    app = FastAPI()
    app.include_router(eligibility_router(bounds=Bounds(body=200_000, archive=200_000)))
    return app


QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "supposing": st.just("as-alleged"),
        "messages": st.sampled_from(["sent", "sent-or-received"]),
        "premium_when": st.sampled_from(["shared", "messaged", "ever"]),
        "update_day": st.sampled_from(["before", "through"]),
    },
)
FORMS = st.fixed_dictionaries({"form": st.sampled_from(["html", "json", "pdf"])})
CHOSEN = st.fixed_dictionaries(
    {"chosen": st.lists(st.integers(0, 2), max_size=2), "rest": st.booleans()}
)
SAID = CHOSEN | st.sampled_from(
    [{"dont_know": True}, {"undo": True}, {"date": "2023"}, {"date": "May 2023"}, {"date": ".."}]
)
CONSISTENT = drawn.histories(class_definition())
HISTORIES = st.one_of(CONSISTENT, CONSISTENT, drawn.inconsistent(class_definition()))


class Trial:
    """Requests to one app; each answer is held to the description, and counted."""

    def __init__(self, app: FastAPI) -> None:
        self.schema = schemathesis.openapi.from_asgi("/openapi.json", app)
        self.seen: Seen = Counter()

    def answered(self, case: Any) -> dict[str, Any]:
        """What an answer says, if it is JSON and an object; it must be one that is described."""
        response = case.call()
        case.validate_response(response, checks=_CHECKS)
        self.seen[case.operation.label, response.status_code] += 1
        is_json = response.headers["content-type"] == ["application/json"]
        found = response.json() if is_json else {}
        return found if isinstance(found, dict) else {}

    def post(self, path: str, body: Any, query: dict[str, str]) -> dict[str, Any]:
        """What is answered to a body of ours."""
        case = self.schema[path]["POST"].Case
        return self.answered(case(body=body, query=query, media_type="application/json"))

    def described(self, case: Any) -> None:
        """A request that Schemathesis drew."""
        self.answered(case)

    def decided(self, asked: tuple[Any, dict[str, str], dict[str, str]]) -> None:
        """A history is decided, and a letter is written about it."""
        history, query, form = asked
        body = json.loads(history.model_dump_json(exclude_none=True))
        self.post("/verdict", body, query)
        self.post("/letter", body, {**query, **form})

    def interviewed(self, asked: tuple[Any, dict[str, str], list[dict[str, Any]]]) -> None:
        """An interview begins with a history, and some things are said in it, fitting or not."""
        history, query, says = asked
        body = json.loads(history.model_dump_json(exclude_none=True))
        state = self.post("/interview", body, query)
        reading = {key: word for key, word in query.items() if key != "supposing"}
        for say in says if state else ():
            asks = {"interview": state["interview"], "say": say}
            state = self.post("/interview/next", asks, reading) or state


def try_api(app: FastAPI, examples: int, *, derandomize: bool = False) -> Seen:
    """How often each path answered with each status; an answer that is not described is raised."""
    trial = Trial(app)
    options = settings(
        max_examples=examples,
        deadline=None,
        derandomize=derandomize,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    def run(strategy: st.SearchStrategy[Any], test: Callable[[Any], None]) -> None:
        @options
        @given(strategy)
        def tried(drawn: Any) -> None:
            test(drawn)

        tried()

    for each in trial.schema.get_all_operations():
        operation = each.ok()
        for mode in schemathesis.GenerationMode:
            if mode.is_positive or operation.body or operation.query:
                run(operation.as_strategy(generation_mode=mode), trial.described)
    run(st.tuples(HISTORIES, QUERIES, FORMS), trial.decided)
    run(st.tuples(HISTORIES, QUERIES, st.lists(SAID, max_size=12)), trial.interviewed)
    return trial.seen


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--examples", type=int, default=500, help="of each kind")
    seen = try_api(bounded(), parser.parse_args().examples)
    for (path, status), count in sorted(seen.items()):
        print(f"{path:24} {status}  {count:6}")
