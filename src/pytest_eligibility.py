"""The pytest plugin: `pytest --eligibility-laws my_package.rules:DEFINITION`, a test for each law.

pytest loads this module in every environment that has the package, so that it imports nothing of
the package before the option is used.
"""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from eligibility.definition.class_definition import ClassDefinition
    from eligibility.testing.laws import Law

_NAME = "eligibility-laws"
#: The definitions that the option names, each with what it is called in the ids of tests.
_DEFINITIONS = pytest.StashKey[dict[str, "ClassDefinition"]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--eligibility-laws`, which may be given several times."""
    parser.getgroup("eligibility").addoption(
        f"--{_NAME}",
        action="append",
        default=[],
        metavar="MODULE:NAME",
        help="hold the class definition at this name to every law, one test for each; the name "
        "may also be of several definitions, or of a function that returns them",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Import what the option names, or say why that cannot be."""
    targets = config.getoption(f"--{_NAME}")
    if not targets:
        return
    folder = str(config.invocation_params.dir)
    if folder not in sys.path:
        sys.path.append(folder)  # as `python -m pytest` does
    from eligibility.target import BadTarget, definitions_at  # noqa: PLC0415 - only where it is asked for

    named = config.stash.setdefault(_DEFINITIONS, {})
    try:
        import eligibility.testing.laws  # noqa: F401, PLC0415 - to say first that it cannot be

        for target in targets:
            found = definitions_at(target)
            for at, definition in enumerate(found):
                named[f"{target}#{at}" if len(found) > 1 else target] = definition
    except (BadTarget, ModuleNotFoundError) as error:  # or an extra that is not installed
        raise pytest.UsageError(f"--{_NAME}: {error}") from None


@pytest.hookimpl(tryfirst=True)  # so that `-k` and the like choose among these tests too
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add the laws to the tests, also where there are no others."""
    for name, definition in config.stash.get(_DEFINITIONS, {}).items():
        node = LawsOf.from_parent(
            session, name=name, nodeid=f"{_NAME}::{name}", definition=definition
        )
        items.extend(node.collect())


class LawsOf(pytest.Collector):
    """The laws of one definition."""

    def __init__(self, *, definition: "ClassDefinition", **keywords: Any) -> None:
        super().__init__(**keywords)
        self.definition = definition

    def collect(self) -> Iterator["LawTest"]:
        """One test for each law, also for one that does not apply: it is skipped and says why."""
        from eligibility.testing.laws import LAWS  # noqa: PLC0415 - only where it is asked for

        for law in LAWS:
            yield LawTest.from_parent(self, name=law.name, law=law, definition=self.definition)


class LawTest(pytest.Item):
    """One law, held on one definition."""

    def __init__(self, *, law: "Law", definition: "ClassDefinition", **keywords: Any) -> None:
        super().__init__(**keywords)
        self.law, self.definition = law, definition
        self.extra_keyword_matches.add(_NAME)

    def runtest(self) -> None:
        """Try the law, with the settings of the active Hypothesis profile."""
        from eligibility.testing.laws import (  # noqa: PLC0415 - only where it is asked for
            LawBroken,
            find_breach,
            why_apart,
        )

        if why := why_apart(self.law, self.definition):
            pytest.skip(why)
        breach = find_breach(self.law, self.definition)
        if breach is not None:
            raise LawBroken([breach])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was broken and how, without a traceback."""
        from eligibility.testing.laws import LawBroken  # noqa: PLC0415 - only where it is asked for

        if isinstance(excinfo.value, LawBroken):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """What stands above the report of a failure."""
        return self.path, None, self.nodeid
