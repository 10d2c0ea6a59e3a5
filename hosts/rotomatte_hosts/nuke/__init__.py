"""The integration that runs inside Nuke: the standard library and Nuke's own modules alone."""
