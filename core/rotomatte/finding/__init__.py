"""Finding objects on a frame, and frames for prompts."""
