"""`python -m eligibility`: the command line."""

from eligibility.cli import main

main()
