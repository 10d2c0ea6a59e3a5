"""The roto panel: a window of its own, for editors and pipelines whose host has no canvas for clicks."""
