"""The host side of Rotomatte: standard library only, Python 3.9 and later."""
