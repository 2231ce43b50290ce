"""Interviews ask hardly more than they must: counted, beside the fewest and beside a form."""

from itertools import product

import pytest
from count_questions import INMAIL, PREMIUM, counts


@pytest.mark.parametrize("supposing", [True, False])
def test_interviews_ask_at_most_a_fifth_more_than_the_fewest_questions(supposing: bool) -> None:
    of = counts(list(product(PREMIUM, INMAIL)), supposing=supposing)
    assert 1 <= of.ratio <= 1.2
    assert max(of.asked) <= 8
    assert all(asked <= fields for asked, fields in zip(of.asked, of.forms, strict=True))
