"""The methods for a host that shows plate and mattes itself; ``ClipDesk`` answers them with those about clips."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rotomatte_plugin.messages import CLIP_MATTE, CLIP_PIXEL, CLIP_PLATE, CLIP_TRACKED, Method

if TYPE_CHECKING:
    from rotomatte.engine.open_clips import OpenClips

VIEWER_ANSWERS: tuple[tuple[Method[Any, Any], Callable[[OpenClips, Any], object]], ...] = (
    (CLIP_PLATE, lambda clips, asked: clips.find(asked.clip_id).plate(asked)),
    (CLIP_PIXEL, lambda clips, asked: clips.find(asked.clip_id).pixel(asked)),
    (CLIP_MATTE, lambda clips, asked: clips.find(asked.clip_id).matte(asked)),
    (CLIP_TRACKED, lambda clips, asked: clips.find(asked.clip_id).tracked()),
)
