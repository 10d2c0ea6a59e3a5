"""The Rotomatte engine: a plate and prompts in, soft EXR mattes out."""

__version__ = "0.1.0"
