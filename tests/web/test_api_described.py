"""What the OpenAPI document says is what the API does: no failure, and no answer beyond it."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI, Response
from flo import flo_class
from httpx import ASGITransport, AsyncClient
from try_api import bounded, try_api

from eligibility.web import eligibility_router


def test_no_failure_and_no_answer_that_is_not_described() -> None:
    seen = try_api(bounded(), 4, derandomize=True)
    for path in ("/verdict", "/letter", "/interview", "/interview/next"):
        assert seen[f"POST {path}", 200]
        assert seen[f"POST {path}", 422]
    assert {status for _, status in seen} <= {200, 413, 422}


@pytest.mark.parametrize("status", [418, 500])
def test_an_answer_that_is_not_described_would_be_found(status: int) -> None:
    app = FastAPI()

    @app.get("/verdict")
    def answers(_code: int = 0) -> Response:
        return Response("{}", status, media_type="application/json")

    with pytest.raises(BaseExceptionGroup, match="distinct failure"):
        try_api(app, 1)


def operations(app: FastAPI) -> dict[str, Any]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    }


@pytest.mark.parametrize("definition", [None, flo_class()], ids=["case", "flo"])
def test_every_path_describes_what_it_takes_and_answers(definition: Any) -> None:
    app = FastAPI()
    app.include_router(eligibility_router(definition))
    found = operations(app)
    assert ("POST /archive" in found) == (definition is None)
    for name, operation in found.items():
        assert operation["summary"], name
        statuses = set(operation["responses"])
        assert {"200", "422", "500"} <= statuses, name
        assert ("413" in statuses) == name.startswith("POST"), name
        for status, response in operation["responses"].items():
            content = response["content"]
            kinds = {"application/problem+json"} if status != "200" else set(content)
            assert set(content) == kinds, name
            assert all(each["schema"] for each in content.values()), name
    schemas = app.openapi()["components"]["schemas"]
    assert {"VerdictDocument", "InterviewDocument", "ClassDocument"} < schemas.keys()


@pytest.mark.parametrize("path", ["/verdict", "/letter", "/interview", "/interview/next"])
def test_the_example_of_a_body_is_taken(path: str) -> None:
    app = FastAPI()
    app.include_router(eligibility_router())
    content = operations(app)[f"POST {path}"]["requestBody"]["content"]["application/json"]

    async def send() -> int:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://api") as client:
            body = content["examples"]["example"]["value"]
            return (await client.post(path, json=body)).status_code

    assert asyncio.run(send()) == 200
