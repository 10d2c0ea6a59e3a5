"""Colour: from the plate to what the model sees."""
