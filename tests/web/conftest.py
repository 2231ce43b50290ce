"""The page in a real browser: built once, opened once, and used by one test after the other.

Where Chromium, npm or the driver are missing, the tests that need them are skipped, and say what to
install. `ELIGIBILITY_MUST_RUN=browser` makes them fail instead: so CI is sure that they ran.
"""

import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from browser_visit import Visit
from must_run import missing

from eligibility.web.build import Page, build
from eligibility.web.inputs import BuildError, Pinned, kept_in, npm_package

AXE: Final = Pinned(
    "axe-core@4.14.1",
    "axe-core-4.14.1.tgz",
    "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
)


#: The button that is pressed before Python is ready.
EARLY: Final = "Start without it"
#: What is needed, and how it is had.
BROWSER: Final = ("Browser", "apt-get install chromium npm; pip install '.[test]'")


@pytest.fixture(scope="session")
def page_built() -> Page:
    """The page, from the inputs that are pinned."""
    try:
        return build(folder=kept_in())
    except BuildError as error:
        missing("Browser", str(error))


@pytest.fixture(scope="session")
def page_file(page_built: Page, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file: Path = tmp_path_factory.mktemp("page") / "self-check.html"
    file.write_bytes(page_built.content)
    return file


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright.

    For one module after the other: while it is open, its driver keeps an event loop running, and
    no test of another module could run one.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        missing(*BROWSER)
    if find_spec("playwright") is None:
        missing(*BROWSER)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the other tests need none

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


Opened = Callable[..., AbstractContextManager[Visit]]


@pytest.fixture(scope="module")
def opened(browser: Any) -> Opened:
    """Opens an address in a browser that has never been anywhere."""

    @contextmanager
    def opening(address: str, **options: Any) -> Iterator[Visit]:
        context = browser.new_context(**{"accept_downloads": True, **options})
        yield Visit(context.new_page(), address)
        context.close()

    return opening


@pytest.fixture(scope="module")
def whole_visit(opened: Opened, page_file: Path) -> Iterator[Visit]:
    """The page, opened from disk with the network off; something is pressed at once."""
    with opened(page_file.as_uri(), offline=True) as visit:
        visit.button(EARLY).click()
        visit.early = visit.page.locator("#progress").inner_text()
        yield visit.wait_until_ready()


@pytest.fixture
def visit(whole_visit: Visit) -> Visit:
    """The page at its first screen."""
    whole_visit.page.set_viewport_size({"width": 1280, "height": 800})
    return whole_visit.start_again()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script that looks for what people with disabilities would stumble over."""
    try:
        packed = npm_package(AXE, kept_in())
    except BuildError as error:
        missing("Browser", str(error))
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        script = archive.extractfile("package/axe.min.js")
        assert script
        return script.read().decode()
