"""Tables in: what they are, how they are read and checked; normalised tables out."""
