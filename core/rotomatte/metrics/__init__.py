"""Measures of mattes against the truth."""
