"""Proofs, for small sizes, that evaluation has no room to be wrong."""
