"""Takes the pictures of the page that the docs show: `python tests/web/pictures.py`.

They are small: few colours, and at most so high. Look at each before it is committed.
"""

import io
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))

from browser_visit import Visit
from PIL import Image
from playwright.sync_api import sync_playwright

from eligibility.web.build import build
from eligibility.web.inputs import kept_in

ROOT = Path(__file__).parents[2]
OUT = ROOT / "docs" / "how-to" / "self-check"
EXPORT = ROOT / "examples" / "archive" / "ada-example-export.zip"


def take(visit: Visit, name: str, width: int = 760, height: int = 900, of: str = "body") -> None:
    """One picture of the screen that stands, from its top, or from a part of it on."""
    visit.page.set_viewport_size({"width": width, "height": height})
    visit.page.evaluate(f"document.querySelector({of!r}).scrollIntoView({{behavior: 'instant'}})")
    visit.page.mouse.move(0, 0)
    taken = Image.open(io.BytesIO(visit.page.screenshot())).convert("RGB")
    taken.quantize(48, dither=Image.Dither.NONE).save(OUT / f"{name}.png", optimize=True)


def all_of(visit: Visit) -> None:
    """Every kind of screen."""
    take(visit, "start", height=1640)
    visit.button("Start without it").click()
    take(visit, "early", height=420)
    visit.wait_until_ready()
    take(visit, "question")
    visit.press("Continue")
    take(visit, "error")
    visit.choose("Yes").choose("No")
    for _ in range(6):
        if visit.page.locator("input[name=date]").count():
            break
        visit.press("I don't know")
    take(visit, "date", height=1000)
    visit.start_again().upload("archive", EXPORT, "Start with my export")
    take(visit, "archive", height=1000)
    for _ in range(12):
        if "Which of these messages" in visit.heading:
            take(visit, "messages", height=1000)
        if visit.heading.startswith("The result"):
            break
        visit.press("I don't know")
    take(visit, "result", height=1200)
    take(visit, "time-line", height=900, of="figure")
    visit.page.emulate_media(color_scheme="dark")
    take(visit, "narrow-and-dark", width=320, height=900)


def main() -> None:
    """Build the page, open it, and take them."""
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        file = Path(folder) / "self-check.html"
        file.write_bytes(build(folder=kept_in()).content)
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        all_of(Visit(browser.new_context(offline=True).new_page(), file.as_uri()))
        browser.close()


if __name__ == "__main__":
    main()
