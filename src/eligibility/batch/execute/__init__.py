"""Statements run over tables, and what is written of it."""
