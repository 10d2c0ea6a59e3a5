"""Files that prompts and clean-up name, from the folder of the document that names them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from rotomatte_plugin.model import CleanUp, MatteObject


def with_paths_from(folder: Path, objects: Iterable[MatteObject]) -> tuple[MatteObject, ...]:
    """The objects with every relative path made absolute, as counted from ``folder``."""
    base = folder.absolute()
    return tuple(
        replace(
            item,
            prompts=replace(
                item.prompts, masks=tuple(replace(mask, path=str(base / mask.path)) for mask in item.prompts.masks)
            ),
            clean_up=tuple(_clean_up(one, base) for one in item.clean_up),
        )
        for item in objects
    )


def _clean_up(clean_up: CleanUp, base: Path) -> CleanUp:
    holdouts = tuple(
        holdout if holdout.path is None else replace(holdout, path=str(base / holdout.path))
        for holdout in clean_up.holdouts
    )
    return replace(clean_up, holdouts=holdouts)
