from tunebox.intake import decide
from tunebox.rules import DEFINITION

from eligibility.testing import differential


def test_intake():
    differential.hold(decide, DEFINITION, errors=True)
