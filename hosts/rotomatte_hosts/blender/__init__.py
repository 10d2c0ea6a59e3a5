"""Rotomatte in Blender 4.5 and later: what runs inside it, GPL-3.0-or-later as Blender asks of its extensions."""
