"""Plates: opening footage and reading its frames."""
