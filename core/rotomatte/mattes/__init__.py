"""Mattes: from logits to EXR files."""
