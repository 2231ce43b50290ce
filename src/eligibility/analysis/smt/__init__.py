"""A definition's meaning as formulas for the solver."""
