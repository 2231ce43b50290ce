"""A class definition as one SQL statement over normalised tables."""
