"""Pictures of every screen of the self-check, for the docs and to be looked at.

    python benchmarks/screenshots.py docs/reference/screens

It draws them in the Chromium that is installed, with the styles of the page. All answers are of
fictional people. With `--every`, each screen also narrow, dark, and in forced colours.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from eligibility import AccountHistory
from eligibility.web.screens import SelfCheck

ROOT = Path(__file__).parent.parent
STYLE = (ROOT / "src/eligibility/web/sources/style.css").read_text(encoding="utf-8")
EXPORT = ROOT / "examples/archive/ada-example-export.zip"
DESK, PHONE = {"width": 800, "height": 600}, {"width": 360, "height": 600}
RESULT = "The result of your self-check"
#: Of a result on which more was asked for, that part alone.
PART = """() => {
  const heading = document.querySelector("h2[autofocus]");
  const others = heading ? [...heading.parentElement.children] : [];
  const first = others.indexOf(heading);
  const next = (each, at) => at > first && each.matches("h2, div:has(> h2)");
  const end = others.findIndex(next);
  others.forEach((each, at) => (at < first || at >= end) && each.remove());
}"""
EVERY: list[dict[str, Any]] = [
    {"viewport": {"width": width, "height": 700}, **colours}
    for width in (320, 1280)
    for colours in ({}, {"color_scheme": "dark"}, {"forced_colors": "active"})
]


def answered(*answers: dict[str, str]) -> SelfCheck:
    check = SelfCheck.start().send({"do": ["begin"]})
    for each in answers:
        check = check.send({name: [value] for name, value in each.items()})
    return check


def screens() -> Iterator[tuple[str, SelfCheck, dict[str, Any]]]:
    """Each screen, what it is called, and how it is drawn for the docs."""
    yes, no = {"answer": "0"}, {"answer": "1"}
    yield "start", SelfCheck.start(), {"viewport": DESK}
    yield "question", answered(), {"viewport": PHONE}
    archive = SelfCheck.start().send({"do": ["begin-archive"]}, {"archive": EXPORT})
    yield "archive", archive, {"viewport": DESK}
    wrong = answered(yes, yes, {"date": "31 February 2021"})
    yield "wrong", wrong, {"viewport": PHONE, "color_scheme": "dark"}
    yield "picking", picking().send({"do": ["seek"], "seek": ["May 2021"]}), {"viewport": DESK}
    result = answered(yes, yes, {"date": "March 2021"}, yes, {"date": "2023"}, no)
    yield "result", result, {"viewport": DESK}
    yield "points", result.send({"do": ["points"]}), {"viewport": DESK}
    yield "readings", result.send({"do": ["readings"]}), {"viewport": DESK}
    yield "restart", result.send({"do": ["restart"]}), {"viewport": PHONE}


def picking() -> SelfCheck:
    sent = [
        f"{year}-{month:02}-{day:02}"
        for year in (2021, 2022)
        for month in range(1, 13)
        for day in (4, 9, 21)
    ]
    messages = [{"sent_at": at, "direction": "received"} for at in sent]
    premium = [{"plan": "premium_career", "start": "2020", "end": ".."}]
    data = {"account_id": "fictional", "premium": premium, "messages": messages}
    return SelfCheck.start().begin(AccountHistory.model_validate_json(json.dumps(data)))


def drawn(browser: Browser, check: SelfCheck, how: dict[str, Any]) -> Image.Image:
    page = browser.new_page(**how)
    page.set_content(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{check.title}</title>'
        f"<style>{STYLE}</style><main>{check.html}</main>"
    )
    if check.title == RESULT:
        page.evaluate(PART)
    picture = Image.open(BytesIO(page.screenshot(full_page=True)))
    page.close()
    return picture.convert("RGB").quantize(64, dither=Image.Dither.NONE)


def main(folder: Path, *, every: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        chromium = shutil.which("chromium")
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, check, how in screens():
            for at, each in enumerate(EVERY if every else [how]):
                file = folder / f"{name}{f'-{at}' if every else ''}.png"
                drawn(browser, check, each).save(file, optimize=True)
                print(file, f"{file.stat().st_size:,} bytes")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), every="--every" in sys.argv)
