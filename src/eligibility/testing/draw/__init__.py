"""How the strategies draw what they draw: Hypothesis, or one clear error where it is missing."""

from eligibility.errors import way_to_install

try:
    from hypothesis import strategies as st
    from hypothesis.errors import InvalidArgument
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"eligibility.testing draws with Hypothesis. {way_to_install('testing')}",
        name=error.name,
    ) from None

__all__ = ["InvalidArgument", "st"]
