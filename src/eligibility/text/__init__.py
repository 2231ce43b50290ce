"""Definitions and verdicts in words, and histories as a time line.

Records come in; plain lines go out, to a terminal or a page.
"""
