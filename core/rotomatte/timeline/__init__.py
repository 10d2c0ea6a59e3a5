"""A whole edit in, conformed mattes and a report out."""
