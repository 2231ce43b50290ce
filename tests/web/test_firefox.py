"""The page in Firefox, from disk: from an archive to a letter, and on from saved answers.

Playwright drives no Firefox that Debian has. So it is driven as geckodriver would, by Marionette:
JSON over a socket of this machine, each message after its length.
"""

import json
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

import pytest
from must_run import missing

EXPORT = Path(__file__).parents[2] / "examples" / "archive" / "ada-example-export.zip"
#: For how many seconds anything may take on a busy machine.
PATIENCE: Final = 120
ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"  # the name that WebDriver gives to one


class Firefox:
    """A Firefox that was opened, and the page in it."""

    def __init__(self, profile: Path, saved: Path) -> None:
        program = shutil.which("firefox-esr") or shutil.which("firefox")
        if program is None:
            missing("Firefox", "apt-get install firefox-esr")
        kept = {"folderList": 2, "dir": str(saved), "useDownloadDir": True}
        prefs: dict[str, Any] = {f"browser.download.{key}": value for key, value in kept.items()}
        prefs |= {"marionette.port": 0, "browser.download.alwaysOpenPanel": False}
        prefs["ui.prefersReducedMotion"] = 1  # or it scrolls, and looks before it is there
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in prefs.items()]
        (profile / "user.js").write_text("".join(lines), encoding="utf-8")
        how = ["--headless", "--marionette", "--no-remote", "--profile", str(profile)]
        self.process = subprocess.Popen([program, *how], stderr=subprocess.DEVNULL)  # noqa: S603 - the browser
        self.saved = saved
        at = profile / "MarionetteActivePort"
        self.until(lambda: at.is_file() and at.read_text(encoding="ascii"))
        self.socket = socket.create_connection(
            ("127.0.0.1", int(at.read_text(encoding="ascii"))), PATIENCE
        )
        self.heard()  # it says who it is
        self.do("WebDriver:NewSession", {})

    def until(self, seen: Callable[[], Any]) -> Any:
        """What is seen, as soon as there is something to see."""
        end = monotonic() + PATIENCE
        while not (found := seen()):
            assert monotonic() < end, seen
            sleep(0.02)
        return found

    def heard(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self.socket.recv(1)
        text = b""
        while len(text) < int(length[:-1]):
            text += self.socket.recv(65_536)
        return json.loads(text)

    def do(self, name: str, given: dict[str, Any]) -> Any:
        text = json.dumps([0, 1, name, given]).encode()
        self.socket.sendall(b"%d:%s" % (len(text), text))
        _, _, error, result = self.heard()
        assert error is None, error
        return result

    def all(self, css: str) -> list[dict[str, str]]:
        found: list[dict[str, str]]
        found = self.do("WebDriver:FindElements", {"using": "css selector", "value": css})
        return found

    def to(self, command: str, element: dict[str, str], **given: str) -> Any:
        answered = self.do(f"WebDriver:Element{command}", {"id": element[ELEMENT], **given})
        return answered["value"]

    def words(self, css: str) -> str:
        """What stands in the first element, once what was pressed last has been answered."""
        self.until(lambda: self.all("html[data-ready] main:not([aria-busy])"))
        answered = self.do("WebDriver:GetElementText", {"id": self.all(css)[0][ELEMENT]})
        return str(answered["value"])

    def press(self, words: str, css: str = "button") -> str:
        """Press what says these words; the heading that then stands there."""
        for each in self.all(css):
            said = self.do("WebDriver:GetElementText", {"id": each[ELEMENT]})["value"]
            if said == words:
                self.to("Click", each)
                return self.words("h1")
        raise AssertionError(words)

    def choose(self, name: str, file: Path) -> None:
        self.to("SendKeys", self.all(f"input[name={name}]")[0], text=str(file))

    def downloaded(self, name: str) -> bytes:
        """The bytes of a file that was saved, once there are some."""
        file = self.saved / name
        self.until(lambda: file.is_file() and file.stat().st_size)
        return file.read_bytes()


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    for name in ("profile", "saved"):
        (tmp_path / name).mkdir()
    opened = Firefox(tmp_path / "profile", tmp_path / "saved")
    try:
        yield opened
    finally:
        opened.socket.close()
        opened.process.terminate()
        opened.process.wait()


def test_from_an_archive_to_a_letter_and_from_saved_answers_on(
    firefox: Firefox, page_file: Path
) -> None:
    """Firefox asks a page twice whether it may save a file, and the second time as if it left."""
    firefox.do("WebDriver:Navigate", {"url": page_file.as_uri()})
    firefox.choose("archive", EXPORT)
    first = firefox.press("Start with my export")
    assert "4 messages, 2 receipts" in firefox.words("main")
    second = firefox.press("I don't know")
    assert second != first
    firefox.press("Save my answers")
    saved = firefox.downloaded("self-check-answers.json")
    assert json.loads(saved)
    while firefox.press("I don't know") != "The result of your self-check":
        pass
    firefox.press("Save the letter")
    assert b"De La Torre v. LinkedIn" in firefox.downloaded("self-check-letter.html")
    firefox.press("Start again")
    firefox.press("Delete it and start again")
    firefox.choose("saved", firefox.saved / "self-check-answers.json")
    assert firefox.press("Go on where I stopped") == second
    firefox.do("WebDriver:Back", {})
    assert firefox.words("h1") == "Check whether you fit the description"
