"""The page as it is served: the same bytes, headers that say the same, to this machine alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import httpx
import pytest
import uvicorn
from test_build import GIVEN

from eligibility.web.build import Page, put_together
from eligibility.web.serve import HOST, application


@contextmanager
def serving(page: Page) -> Iterator[str]:
    config = uvicorn.Config(application(page), host=HOST, port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield f"http://{HOST}:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def page() -> Page:
    return put_together(None, GIVEN)


def test_what_is_served_is_what_is_built_under_the_same_policy(page: Page) -> None:
    with serving(page) as address:
        answer, head = httpx.get(address), httpx.head(address)
    assert answer.content == page.content
    assert (head.content, head.headers["content-length"]) == (b"", str(len(page.content)))
    assert answer.headers["content-security-policy"].startswith(page.policy)
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_a_name_that_is_not_this_machines_is_refused(page: Page) -> None:
    """Else a page of somebody else could reach it under a name of theirs."""
    with serving(page) as address:
        answer = httpx.get(address, headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400


def test_the_page_that_is_served_asks_the_server_for_nothing_else(
    opened: Any, page_built: Page
) -> None:
    with serving(page_built) as address, opened(address) as visit:
        visit.wait_until_ready().press("Start without it").choose("No")
        asked = [each for each in visit.requests if not each.startswith(("blob:", "data:"))]
        assert asked == [address]
        assert visit.page.context.cookies() == []
        assert visit.errors == []
