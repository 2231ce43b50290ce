"""Hypothesis, or one clear error where the extra `testing` is not installed."""

try:
    from hypothesis import strategies as st
    from hypothesis.errors import InvalidArgument
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "eligibility.testing draws with Hypothesis: pip install 'eligibility[testing]'",
        name=error.name,
    ) from None

__all__ = ["InvalidArgument", "st"]
