"""Our own sources as the page holds them, and those of the definition that somebody brings.

They are read from where the library is installed and packed so that the same sources give the same
bytes everywhere: names in order, no times, and bzip2, which has one encoder in the world.
"""

import ast
import io
import sys
import tarfile
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from eligibility.errors import Problem, shown
from eligibility.web.inputs import BuildError

#: What nobody needs in a browser: edges that run elsewhere, and what builds the page.
_ELSEWHERE: Final = (
    *("analysis", "batch", "cli", "pdf", "pdf.py", "testing", "__main__.py"),
    *("web/api", "web/build.py", "web/inputs.py", "web/ours.py", "web/serve.py", "web/sources"),
)
_PACKAGE: Final = "eligibility"
#: Top modules of the wheels in the page.
_IN_WHEELS: Final = frozenset(
    {"annotated_types", "attr", "attrs", "pydantic", "pydantic_core", "rfc8785"}
    | {"typing_extensions", "typing_inspection", "tzdata"}
)


def library() -> dict[str, bytes]:
    """The sources of the library, by their path in the package's parent.

    >>> names = library()
    >>> "eligibility/rules.py" in names, "eligibility/cli/app.py" in names
    (True, False)
    """
    return {f"{_PACKAGE}/{name}": data for name, data in sorted(_sources(files(_PACKAGE), ""))}


def _sources(folder: Traversable, at: str) -> Iterator[tuple[str, bytes]]:
    for each in folder.iterdir():
        name = f"{at}{each.name}"
        if name in _ELSEWHERE or each.name == "__pycache__":
            continue
        if each.is_dir():
            yield from _sources(each, f"{name}/")
        elif name.endswith(".py"):
            yield name, each.read_bytes()


def definition(target: str) -> dict[str, bytes]:
    """The sources of the module that a definition stands in, and of what it imports of its own.

    Raises:
        BuildError: `web-definition-imports`: it imports what the page does not hold.
    """
    found: dict[str, bytes] = {}
    wrong: list[Problem] = []
    waiting = [target.partition(":")[0]]
    seen = set(waiting)
    while waiting:
        module = waiting.pop()
        path = _own_file(module)
        if path is None:
            wrong.append(_not_held(module, target))
            continue
        found[_place(module, path)] = path.read_bytes()
        parents = [module.rpartition(".")[0]] if "." in module else []
        for name in [*parents, *_imports(path, module)]:
            if name not in seen and not _is_held(name):
                seen.add(name)
                waiting.append(name)
    if wrong:
        raise BuildError(wrong)
    return dict(sorted(found.items()))


def _is_held(module: str) -> bool:
    """Whether the page has a module anyway."""
    first, _, rest = module.partition(".")
    if first == _PACKAGE:
        return rest.partition(".")[0] not in _ELSEWHERE
    return first in sys.stdlib_module_names or first in _IN_WHEELS


def _own_file(module: str) -> Path | None:
    """The source of a module of somebody's own; none of a compiled or an installed one."""
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return None
    path = Path(spec.origin) if spec and spec.origin else None
    is_own = path and path.suffix == ".py" and "site-packages" not in path.parts
    return path if is_own and not module.startswith(f"{_PACKAGE}.") else None


def _place(module: str, path: Path) -> str:
    name = module.replace(".", "/")
    return f"{name}/__init__.py" if path.name == "__init__.py" else f"{name}.py"


def _imports(path: Path, module: str) -> Iterator[str]:
    """The modules that a source imports, wherever the statement stands."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            name = ".".join([*(above if node.level else []), *filter(None, [node.module])])
            yield name
            for alias in node.names:  # a name may be a module of a package
                inner = f"{name}.{alias.name}"
                if not _is_held(name) and _own_file(inner) is not None:
                    yield inner


def _not_held(module: str, target: str) -> Problem:
    return Problem(
        "web-definition-imports",
        module,
        f"`{shown(target)}` imports `{shown(module)}`, which the page does not hold.",
        "A definition in the page may import the standard library, `eligibility`, pydantic, attrs, "
        "and modules of your own that import no more.",
    )


def packed(sources: dict[str, bytes]) -> bytes:
    """Sources as one archive, tar within bzip2: the same bytes for the same sources.

    >>> packed({"a.py": b"x = 1"}) == packed({"a.py": b"x = 1"})
    True
    """
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:bz2", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in sorted(sources.items()):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()
