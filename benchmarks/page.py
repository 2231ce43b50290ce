"""The page in Chromium, from disk, with the network off: its size, and how long a person waits.

    python benchmarks/page.py --rounds 3

Printed are medians over the rounds, in seconds of the clock, so other work on the machine matters.
Then, on Linux, by how much the memory of the page's process grows at most while it reads an archive
of short messages, and one of as many long ones: the file is read slice by slice. The archives are
fictional. It needs chromium and npm, and what the tests need.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "helpers"))

from archives import _messages, _receipts
from browser_visit import RESULT, Visit
from playwright.sync_api import sync_playwright

from eligibility.web.build import build
from eligibility.web.inputs import kept_in

EXAMPLE = Path(__file__).parent.parent / "examples" / "archive" / "ada-example-export.zip"
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def archive(folder: Path, count: int, text: str = "x" * 100, how: int = ZIP_DEFLATED) -> Path:
    path = folder / f"{count}-{len(text)}.zip"
    with ZipFile(path, "w", how) as packed:
        packed.writestr("messages.csv", _messages(count, text))
        packed.writestr("Receipts.csv", _receipts(24))
    return path


def one_round(browser, address: str, archives: dict[str, Path]) -> dict[str, float]:
    took = {}
    began = time.monotonic()

    def lap(name: str) -> None:
        nonlocal began
        took[name] = time.monotonic() - began
        began = time.monotonic()

    context = browser.new_context(offline=True)
    visit = Visit(context.new_page(), address)
    visit.wait_until_ready()
    lap("opened to ready")
    took["opened to first paint"] = visit.page.evaluate(PAINTED) / 1000
    for name, path in archives.items():
        visit.start_again()
        began = time.monotonic()
        visit.upload("archive", path, "Start with my export")
        lap(f"{name} to the first question")
        if path == EXAMPLE:
            while visit.heading != RESULT:
                visit.press("I don't know")
            lap(f"{name}, from there to the result: four times 'I don't know'")
    context.close()
    return took


# ---- memory ------------------------------------------------------------------------------------


def in_memory() -> int:
    """What the largest process that shows a page has in memory, in bytes."""
    most = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" in (process / "cmdline").read_bytes():
                most = max(most, int((process / "statm").read_text().split()[1]))
        except OSError:  # it has ended
            continue
    return most * 4096


@contextmanager
def watched(found: list[int]) -> Iterator[None]:
    """Adds by how much the memory grows at most while something is done."""
    before, done, most = in_memory(), Event(), [0]

    def watch() -> None:
        while not done.wait(0.02):
            most[0] = max(most[0], in_memory())

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        found.append(most[0] - before)


def memory(browser, address: str, folder: Path, count: int = 10_000) -> None:
    for letters in (20, 20_000):
        path = archive(folder, count, "x" * letters, ZIP_STORED)
        context = browser.new_context(offline=True)
        visit = Visit(context.new_page(), address).wait_until_ready()
        visit.page.locator("input[name=archive]").set_input_files(path)
        grown: list[int] = []
        with watched(grown):
            visit.press("Start with my export")
        what = f"an archive of {path.stat().st_size / 1e6:.1f} MB, {count:,} messages"
        print(f"{what}: memory grew by {grown[0] / 1e6:.0f} MB at most; {visit.heading[:40]}…")
        context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    page = build(folder=kept_in())
    print(f"size: {len(page.content) / 1e6:.2f} MB; SHA-256 {page.sha256}")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        (folder / "self-check.html").write_bytes(page.content)
        archives = {"the example export": EXAMPLE} | {
            f"an export of {count:,} messages": archive(folder, count) for count in (400, 20_000)
        }
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        address = (folder / "self-check.html").as_uri()
        rounds = [one_round(browser, address, archives) for _ in range(given.rounds)]
        if sys.platform == "linux":
            memory(browser, address, folder)
        browser.close()
    for what in rounds[0]:
        print(f"{what}: {statistics.median(each[what] for each in rounds):.2f} s")


if __name__ == "__main__":
    main()
