"""What the page is made of, beside our own sources: pinned, fetched once, checked each time.

Python for the browser comes as the npm package `pyodide`, and what the library needs as wheels.
The versions and the SHA-256 of each file stand in `sources/inputs.json`. The files are kept in a
folder, and whoever has no network can put them there by hand.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from eligibility.errors import EligibilityError, Problem

_PINS: Final = "sources/inputs.json"
#: What was printed last says why a fetch failed.
_LAST: Final = 300
_LONGEST_FETCH: Final = 600


class BuildError(EligibilityError):
    """The page cannot be built: what is missing, or is another file than was pinned."""


@frozen
class Pinned:
    """One file that the page is made of: the package that it comes from, its name, its SHA-256."""

    package: str
    file: str
    sha256: str


@frozen
class Inputs:
    """All files that the page is made of, as bytes that were checked."""

    runtime: Pinned
    wheels: tuple[Pinned, ...]
    content: Mapping[str, bytes]


def pins() -> tuple[Pinned, tuple[Pinned, ...], tuple[str, ...]]:
    """The runtime, the wheels, and for which platform pip fetches them.

    >>> runtime, wheels, _ = pins()
    >>> runtime.package.partition("@")[0], len(wheels)
    ('pyodide', 8)
    """
    data: dict[str, Any] = json.loads((files("eligibility.web") / _PINS).read_text("utf-8"))
    wheels = tuple(Pinned(**each) for each in data["wheels"])
    return Pinned(**data["runtime"]), wheels, tuple(data["wheels_for"])


def kept_in() -> Path:
    """Where the files are kept if nobody says otherwise: the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(cache) if cache else Path.home() / ".cache") / "eligibility" / "web"


def inputs(folder: Path) -> Inputs:
    """The files that the page is made of, fetched into a folder unless they are there.

    Raises:
        BuildError: `web-input-missing`, a file could be fetched from nowhere; `web-input-differs`,
            it is another file than was pinned.
    """
    runtime, wheels, platform = pins()
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    failed = _fetch(wheels, [*pip, *platform, "--dest"], folder)
    failed |= _fetch([runtime], _npm(), folder)
    return Inputs(runtime, wheels, _checked([runtime, *wheels], failed, folder))


def npm_package(pinned: Pinned, folder: Path) -> bytes:
    """One package of npm, as the file that it is packed as.

    Raises:
        BuildError: as of `inputs`.
    """
    return _checked([pinned], _fetch([pinned], _npm(), folder), folder)[pinned.file]


def _npm() -> list[str]:
    npm = shutil.which("npm") or "npm"
    return [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination"]


def _fetch(wanted: Sequence[Pinned], client: Sequence[str], folder: Path) -> dict[str, str]:
    """Have a package client fetch what a folder lacks; why it failed, of the first such file.

    A file comes into the folder whole or not at all, whoever else fetches it at the same time.
    """
    missing = [each for each in wanted if not (folder / each.file).exists()]
    if not missing:
        return {}
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as new:
        why = _run([*client, new, *(each.package for each in missing)])
        for each in missing:
            if (Path(new) / each.file).exists():
                (Path(new) / each.file).replace(folder / each.file)
    return {missing[0].file: why}


def _checked(wanted: Sequence[Pinned], failed: Mapping[str, str], folder: Path) -> dict[str, bytes]:
    """The bytes of files in a folder, each the one that was pinned."""
    content, wrong = {}, []
    for each in wanted:
        try:
            content[each.file] = (folder / each.file).read_bytes()
        except OSError:
            wrong.append(_missing(each, failed.get(each.file, ""), folder))
            continue
        if hashlib.sha256(content[each.file]).hexdigest() != each.sha256:
            wrong.append(_differs(each, folder))
    if wrong:
        raise BuildError(wrong)
    return content


def _run(words: Sequence[str]) -> str:
    """Run a package client; why it failed, or nothing."""
    try:
        done = subprocess.run(  # noqa: S603 - npm and pip, with the packages that are pinned
            words,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            timeout=_LONGEST_FETCH,
        )
    except FileNotFoundError:
        return f"There is no `{words[0]}` here."
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return " ".join(done.stderr.split())[-_LAST:] if done.returncode else ""


def _missing(each: Pinned, why: str, folder: Path) -> Problem:
    client = "npm (it comes with Node)" if each.file.endswith(".tgz") else "pip"
    return Problem(
        "web-input-missing",
        each.file,
        f"`{each.package}` could not be fetched. {why}".rstrip(),
        f"It takes {client} and the network, once. Or put the file into {folder} by hand; its "
        f"SHA-256 must be {each.sha256}.",
    )


def _differs(each: Pinned, folder: Path) -> Problem:
    return Problem(
        "web-input-differs",
        each.file,
        f"The file is not the one that was pinned as `{each.package}`.",
        f"Remove {folder / each.file} and build again. If it still differs, do not use it: the "
        f"registry gives another file than the one that was checked, SHA-256 {each.sha256}.",
    )
