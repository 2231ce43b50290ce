"""A fictional claims-intake app of a fictional case."""
