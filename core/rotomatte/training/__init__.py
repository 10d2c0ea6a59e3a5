"""Training of the bundled preview model, from its data to its model card. Not needed at run time."""
