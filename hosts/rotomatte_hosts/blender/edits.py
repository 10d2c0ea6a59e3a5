"""What is done to prompts by the operators and by the tool: plain functions, each on one clip.

The tool calls no operators for it: it works within an override, where they are not safe in every Blender (``rest.py``).
"""

from __future__ import annotations

from typing import Optional

from rotomatte_hosts.blender import session, store
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.coordinates import Xy
from rotomatte_hosts.blender.prompt_rows import PromptRow, box_row, point_row
from rotomatte_hosts.blender.views import is_under_playhead
from rotomatte_plugin.errors import JobError, PromptError


def add_point(found: BlenderClip, at_px: Xy, *, include: bool, frame: Optional[int] = None, name: str = "") -> None:
    """Say that an object is at a point of the plate, or is not, and show what comes of it.

    Args:
        found: the clip.
        at_px: in plate pixels.
        include: whether the object is there.
        frame: in the clip's numbering; the one that is shown where None.
        name: of the object; the active one where empty.

    Raises:
        JobError: the clip is not shown where no frame is given.
        PromptError: the point is outside the picture, or the frame is not the clip's.
    """
    number = _frame_in(found, frame)
    x, y = at_px
    if not (0 <= x < found.size_px[0] and 0 <= y < found.size_px[1]):
        raise PromptError(
            "The point is outside the picture.", remedy="Click inside it.", frame=number, clip=found.clip.clip.name
        )
    _add(found, name, point_row(number, x, y, include=include))


def add_box(found: BlenderClip, one_px: Xy, other_px: Xy, *, frame: Optional[int] = None, name: str = "") -> None:
    """Say that an object is within a box, which is cut to the picture; as ``add_point``.

    Raises:
        JobError: the clip is not shown where no frame is given.
        PromptError: the box is outside the picture, or the frame is not the clip's.
    """
    width, height = found.size_px
    one, other = ((min(max(x, 0.0), width), min(max(y, 0.0), height)) for x, y in (one_px, other_px))
    number = _frame_in(found, frame)
    if one[0] == other[0] or one[1] == other[1]:
        raise PromptError(
            "The box has nothing of the picture in it.",
            remedy="Draw it over the object.",
            frame=number,
            clip=found.clip.clip.name,
        )
    _add(found, name, box_row(number, one, other))


def choose_object(found: BlenderClip, number: int) -> None:
    """Make the object with a number the active one, or a new one where none has it."""
    store.choose_number(found.scene, found.clip.clip.host_id, number)


def remove_last_prompt(found: BlenderClip) -> None:
    """Remove the prompt that came last, and show what is left; nothing where there is none."""
    name = store.remove_last(found.scene, found.clip.clip.host_id)
    if name is not None:
        session.preview(found, name)


def current_frame(found: BlenderClip) -> int:
    """The frame that is seen, in the clip's numbering.

    Raises:
        JobError: none is.
    """
    if not is_under_playhead(found):
        raise JobError(
            "The playhead is not on the clip.", remedy="Put it where the clip is seen.", clip=found.clip.clip.name
        )
    return found.frames.to_clip(found.scene.frame_current)


def _add(found: BlenderClip, name: str, row: PromptRow) -> None:
    session.preview(found, store.add_rows(found.scene, found.clip.clip.host_id, name, (row,)))


def _frame_in(found: BlenderClip, frame: Optional[int]) -> int:
    if frame is None:
        return current_frame(found)
    if frame not in found.frames.frames:
        raise PromptError(
            f"Frame {frame} is not one of the clip's, {found.frames.frames}.",
            remedy="Give one of these.",
            frame=frame,
            clip=found.clip.clip.name,
        )
    return frame
