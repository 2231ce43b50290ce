"""The folder of a run: what in it is ours, who holds it, and what has been counted."""
