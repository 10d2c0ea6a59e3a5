"""Trackers: prompts and frames in, logits on the model's grid out."""
