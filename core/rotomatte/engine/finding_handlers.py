"""The methods for finding objects on a clip's frames; ``ClipDesk`` answers them with those about clips."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rotomatte_plugin.messages import (
    CLIP_BEST_FRAME,
    CLIP_FIND_EVERYTHING,
    CLIP_FIND_WORDS,
    CLIP_FINDS,
    CLIP_PICK_FOUND,
    Method,
)

if TYPE_CHECKING:
    from rotomatte.engine.open_clips import OpenClips

FINDING_ANSWERS: tuple[tuple[Method[Any, Any], Callable[[OpenClips, Any], object]], ...] = (
    (CLIP_FIND_EVERYTHING, lambda clips, asked: clips.begin(clips.finder(asked.clip_id).everything(asked))),
    (CLIP_FIND_WORDS, lambda clips, asked: clips.begin(clips.finder(asked.clip_id).words(asked))),
    (CLIP_BEST_FRAME, lambda clips, asked: clips.begin(clips.finder(asked.clip_id).best_frames(asked))),
    (CLIP_FINDS, lambda clips, asked: clips.finder(asked.clip_id).finds),
    (CLIP_PICK_FOUND, lambda clips, asked: clips.pick_found(asked)),
)
