"""Prompts: from text and shapes to what a tracker takes."""
