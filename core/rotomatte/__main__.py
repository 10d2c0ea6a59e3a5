"""`python -m rotomatte`."""

from rotomatte.cli.app import main

main()
