"""A fictional population, to try it all on."""
