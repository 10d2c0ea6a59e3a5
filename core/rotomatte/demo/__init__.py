"""The demo: a plate that the project renders itself, with its exact matte."""
