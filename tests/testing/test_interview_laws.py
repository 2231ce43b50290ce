"""The laws of interviews hold, on readings, on other models, and fail where they are broken."""

import pytest
from flo import flo_class
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility import ClassDefinition, evaluate
from eligibility.rules import AS_ALLEGED, class_definition, every_reading
from eligibility.testing import interview_laws as laws
from eligibility.testing.trial import Trial

READINGS = list(every_reading())
LAWS = [
    laws.interview_ends,
    laws.asks_what_can_matter,
    laws.dont_know_is_final,
    laws.undo_is_never_said,
    laws.ends_in_evaluate,
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_it_holds_on_every_reading(law) -> None:
    @settings(max_examples=25, deadline=None)
    @given(st.data())
    def held(data: st.DataObject) -> None:
        definition = class_definition(data.draw(st.sampled_from(READINGS)))
        assert law(Trial(data.draw, definition, evaluate, AS_ALLEGED)) is None

    held()


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("definition", [flo_class(), flo_class(california=True)], ids=str)
def test_it_holds_on_another_case(law, definition: ClassDefinition) -> None:
    @settings(max_examples=15, deadline=None)
    @given(st.data())
    def held(data: st.DataObject) -> None:
        assert law(Trial(data.draw, definition, evaluate, None)) is None

    held()
