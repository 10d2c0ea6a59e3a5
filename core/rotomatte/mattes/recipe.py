"""The recipe that a delivered file carries, whatever its profile."""

from __future__ import annotations

from pathlib import Path

from rotomatte.mattes.exr import read_attributes
from rotomatte.mattes.header import RECIPE_KEY
from rotomatte.mattes.profiles.png import read_png_recipe
from rotomatte.mattes.profiles.prores import read_movie_recipe
from rotomatte_plugin.model import Profile


def read_recipe(path: Path, profile: Profile) -> str | None:
    """The recipe of a file of that profile; None where it is absent, damaged or not Rotomatte's."""
    if profile == "png":
        return read_png_recipe(path)
    if profile == "prores":
        return read_movie_recipe(path)
    recipe = read_attributes(path).get(RECIPE_KEY)
    return recipe if isinstance(recipe, str) else None
