"""The watch folder: job files in, mattes and an answer out."""
