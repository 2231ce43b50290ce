"""The commands for the page: `web build` writes it as one file, `web serve` shows it from here."""

import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from eligibility.cli.definitions import DefinitionOption, definition_of
from eligibility.cli.options import ReadingOption, whole_number
from eligibility.cli.terminal import console, show_line
from eligibility.errors import EligibilityError, way_to_install

if TYPE_CHECKING:
    from eligibility.web.build import Page

web = typer.Typer(
    name="web",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The self-check as a page that runs in the browser and sends nothing.",
)
CacheOption = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        metavar="FOLDER",
        help="Where what the page is made of is kept; without a network, put it there by hand. "
        "If not given, the user's cache.",
        show_default=False,
    ),
]
#: The highest port that there is.
_LAST_PORT: Final = 65_535


def _port(word: str | int) -> int:
    """A port; bad usage if there is none of that number."""
    port = whole_number(word)
    if port > _LAST_PORT:
        raise typer.BadParameter(f"`{port}`: give a port from 1 to {_LAST_PORT}.")
    return port


@web.command()
def build(
    *,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="OUT", help="The file to write.")
    ] = Path("self-check.html"),
    definition: DefinitionOption = None,
    reading: ReadingOption = None,
    cache: CacheOption = None,
) -> None:
    """Write the page as one file, to be opened from disk.

    Python for the browser comes by npm and its libraries by pip, once; each file is checked against
    the SHA-256 that is pinned. The same input gives the same bytes.
    Exit status: 0 if the file is written, 2 for bad usage, 3 if something cannot be had.
    """
    page = _built(definition, reading, cache)
    try:
        _write(page.content, output)
    except OSError as error:
        raise typer.BadParameter(str(error), param_hint="--output") from None
    screen = console()
    show_line(screen, f"{output}: {len(page.content) / 1e6:.1f} MB. Open it in a browser.")
    show_line(screen, f"SHA-256 of the file: {page.sha256}")
    show_line(screen, f"SHA-256 in its footer: {page.digest}")
    show_line(screen, "(of the file with 64 zeros in place of that number)")


@web.command()
def serve(
    *,
    port: Annotated[
        int, typer.Option(parser=_port, metavar="N", help="The port on 127.0.0.1.")
    ] = 8017,
    definition: DefinitionOption = None,
    reading: ReadingOption = None,
    cache: CacheOption = None,
) -> None:
    """Serve the same page and the API to this machine alone, until Ctrl-C.

    It needs the extra `web`. The API is described at /openapi.json.
    """
    if not all(map(find_spec, ("fastapi", "uvicorn"))):
        needed = f"eligibility: to serve needs the extra `web`. {way_to_install('web')}"
        typer.echo(needed, err=True)
        raise typer.Exit(2)
    page = _built(definition, reading, cache)
    from eligibility.web import serve as server  # noqa: PLC0415 - an extra, for this command alone

    show_line(console(), f"http://{server.HOST}:{port}/ (Ctrl-C stops it)")
    is_open = definition is None and not reading  # then the query chooses a reading
    server.serve(page, port, None if is_open else definition_of(definition, reading))


def _built(target: str | None, reading: list[str] | None, cache: Path | None) -> "Page":
    """The page; status 3 and all that is missing if it cannot be built."""
    from eligibility.web.build import build as build_page  # noqa: PLC0415 - for these commands
    from eligibility.web.inputs import kept_in  # noqa: PLC0415 - for these commands

    definition_of(target, reading)  # bad usage is said as everywhere, and its module can be found
    words = dict(each.split("=", 1) for each in reading or ())
    try:
        return build_page(target, words, folder=cache or kept_in())
    except EligibilityError as error:
        for problem in error.problems:
            show_line(console(stderr=True), str(problem))
        raise typer.Exit(3) from None


def _write(content: bytes, output: Path) -> None:
    """Write a file whole, or leave what was there."""
    with tempfile.TemporaryDirectory(dir=output.parent) as folder:
        made = Path(folder) / output.name
        made.write_bytes(content)
        made.replace(output)
