"""The built page's own Python, under Node: its parts are taken out of the file and run there."""

import base64
import io
import json
import re
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import Any, Final

_PART: Final = '<script type="application/octet-stream" id="{}">'
_SCRIPT: Final = Path(__file__).with_suffix(".mjs")


class UnderNode:
    """A folder with the runtime and the sources of a page, and programs to run there."""

    def __init__(self, page: bytes, folder: Path) -> None:
        self.folder = folder
        self.site, self.given = folder / "site", folder / "given"
        self.given.mkdir(parents=True)
        text = page.decode()
        (found,) = re.findall(r'id="inputs">(.*?)</script>', text)
        names: dict[str, Any] = json.loads(found)
        _unpack(self._part(text, names["runtime"]), folder)
        _unpack(self._part(text, names["ours"]), self.site)
        for name in names["wheels"]:
            self.add_wheel(self._part(text, name))

    @staticmethod
    def _part(text: str, name: str) -> bytes:
        return base64.b64decode(text.partition(_PART.format(name))[2].partition("<")[0])

    def add_wheel(self, wheel: bytes) -> None:
        """What the page itself does not hold, for programs that need it."""
        with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
            archive.extractall(self.site)  # noqa: S202 - a wheel that was checked against its hash

    def run(self, program: Path, *given: str, input_: str = "", seconds: float = 600) -> str:
        """What a program prints; it finds `input_` in the file `input` beside it."""
        shutil.copy(program, self.given)
        (self.given / "input").write_text(input_, encoding="utf-8")
        node = shutil.which("node") or "node"
        words = [node, str(_SCRIPT), str(self.folder), program.name, *given]
        done = subprocess.run(  # noqa: S603 - Node, with a program of our own
            words, check=False, capture_output=True, encoding="utf-8", timeout=seconds
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout


def _unpack(archive: bytes, folder: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(folder, filter="data")
