"""One visit to the built page in a real browser: what a person does there, and what they see."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

#: How long anything may take on a machine that is busy with other tests, in milliseconds.
PATIENCE: Final = 120_000
RESULT: Final = "The result of your self-check"


class Visit:
    """A page that was opened and is ready."""

    def __init__(self, page: "Page", address: str) -> None:
        self.page = page
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.early = ""
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        page.goto(address, wait_until="commit")

    def wait_until_ready(self) -> "Visit":
        self.page.locator("html[data-ready]").wait_for(state="attached")
        return self.rested()

    def rested(self) -> "Visit":
        """When what was pressed last has been answered."""
        self.page.locator("main:not([aria-busy])").wait_for()
        return self

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def words(self) -> str:
        return self.page.locator("main").inner_text()

    def button(self, name: str) -> "Locator":
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> "Visit":
        self.button(name).first.click()
        return self.rested()

    def start_again(self) -> "Visit":
        """The first screen, whatever was said before."""
        if self.button("Start again").count():
            self.press("Start again").press("Delete it and start again")
        return self

    def choose(self, *answers: str) -> "Visit":
        """Tick answers by their words, and go on."""
        for answer in answers:
            self.page.get_by_label(answer, exact=True).first.check()
        return self.press("Continue")

    def upload(self, field: str, file: Path | Mapping[str, Any], button: str) -> "Visit":
        self.page.locator(f"input[name={field}]").set_input_files(file)  # type: ignore[arg-type]  # Playwright's own dict
        return self.press(button)

    def resume(self, saved: str) -> "Visit":
        """Go on with answers that were saved."""
        file = {"name": "saved.json", "mimeType": "application/json", "buffer": saved.encode()}
        return self.upload("saved", file, "Go on where I stopped")

    def downloaded(self, button: str) -> tuple[str, bytes]:
        """The name and the bytes of the file that a button saves."""
        with self.page.expect_download() as waiting:
            self.button(button).click()
        return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()

    def verdict(self) -> Any:
        """The plain verdict, as it can be saved."""
        return json.loads(self.downloaded("Download the result, as JSON")[1])

    def say(self, person: Mapping[str, Any]) -> "Visit":
        """What somebody of the golden interviews says to the question that stands."""
        question = self.heading
        for part, said in person["says"].items():
            if part not in question:
                continue
            date = self.page.locator("input[name=date]")
            if isinstance(said, str) and said.startswith("on "):
                if date.count():
                    date.fill(said.removeprefix("on "))
                    return self.press("Continue")
                continue
            parts = [said.lower()] if isinstance(said, str) else [each.lower() for each in said]
            shown = self.page.locator("input[name=answer], input[name=tick]")
            labels = [self.page.locator(f"label[for='{at}']") for at in ids_of(shown)]
            fitting = [
                each for each in labels if any(p in each.inner_text().lower() for p in parts)
            ]
            if fitting:
                for each in fitting:
                    each.click()
                return self.press("Continue")
            none = self.page.get_by_role("button", name=re.compile("^None of "))
            if none.count():
                none.click()
                return self.rested()
        return self.press("I don't know")


def ids_of(fields: "Locator") -> list[str]:
    return [each.get_attribute("id") or "" for each in fields.all()]
