"""Objects and prompts in the .blend file: reading and changing them.

Nothing here may be kept: undo and the opening of a file leave no property of Blender's where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Optional

from rotomatte_hosts.blender import from_annotations, from_tracks
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.lookup import find
from rotomatte_hosts.blender.naming import clean_name
from rotomatte_hosts.blender.prompt_rows import PromptRow, add, prompt_set
from rotomatte_hosts.blender.stored_paths import full_path, path_to_store
from rotomatte_plugin.model import MatteObject, PromptSet, ShapePoint
from rotomatte_plugin.palette import PALETTE

_NUMBERS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)
"""In the order of the keyboard."""


def stored_clip(scene: BpyThing, host_id: str) -> Optional[BpyThing]:
    """What the scene has of a clip, None where that is nothing."""
    return scene.rotomatte.clips.get(host_id) if host_id else None


def objects_of(scene: BpyThing, host_id: str) -> tuple[MatteObject, ...]:
    """A clip's objects with all their prompts, the stored ones first.

    Prompts on frames that the clip does not have, such as those that were trimmed away, wait until it has them again.

    Raises:
        JobError: no such clip is there any more.
    """
    found = find(host_id)
    frames = found.frames.frames
    merged = {
        item.name: prompt_set(row for row in rows_of(item) if row.frame in frames) for item in objects(scene, host_id)
    }
    known = tuple(merged)
    for drawn in (from_tracks.prompts(found, known), from_annotations.prompts(found, known)):
        for name, prompts in drawn.items():
            merged[name] = add(merged.get(name, PromptSet()), prompts)
    return tuple(MatteObject(name, prompts) for name, prompts in merged.items())


def objects(scene: BpyThing, host_id: str) -> tuple[BpyThing, ...]:
    """The stored objects of a clip."""
    clip = stored_clip(scene, host_id)
    return () if clip is None else tuple(clip.objects)


def rows_of(item: BpyThing) -> Iterator[PromptRow]:
    """The stored prompts of an object, in the order in which they came."""
    for prompt in item.prompts:
        yield row_of(prompt)


def row_of(prompt: BpyThing) -> PromptRow:
    """A stored prompt."""
    points = tuple(ShapePoint(*point.numbers) for point in prompt.points)
    return PromptRow(prompt.kind, prompt.frame, points, prompt.include, full_path(prompt.path))


def active_object(scene: BpyThing, host_id: str) -> Optional[BpyThing]:
    """The object that new prompts go to, None where the clip has none."""
    clip = stored_clip(scene, host_id)
    if clip is None or not clip.objects:
        return None
    return clip.objects[min(max(clip.object_index, 0), len(clip.objects) - 1)]


def add_object(scene: BpyThing, host_id: str, name: str = "", number: Optional[int] = None) -> BpyThing:
    """A new object, which is the active one from then on; its name is made fit and told apart from the others'.

    It takes ``number``, or the first that is free, and a colour that no other has, as long as there is one.
    """
    clip = _made_clip(scene, host_id)
    others = list(clip.objects)
    numbers = {item.number for item in others}
    if number is None:
        number = next((number for number in _NUMBERS if number not in numbers), -1)
    colours = {_rgb(item.colour) for item in others}
    colour = next((rgb for _, rgb in PALETTE if rgb not in colours), PALETTE[len(others) % len(PALETTE)][1])
    taken = [item.name for item in others]
    item = clip.objects.add()
    item.name = clean_name(name or f"object_{len(others) + 1 if number < 0 else number}", taken)
    item.number = number
    item.colour = tuple(value / 255 for value in colour)
    clip.object_index = len(clip.objects) - 1
    return item


def choose_number(scene: BpyThing, host_id: str, number: int) -> BpyThing:
    """Make the object with that number the active one, or a new one where none has it."""
    clip = _made_clip(scene, host_id)
    for index, item in enumerate(clip.objects):
        if item.number == number:
            clip.object_index = index
            return item
    return add_object(scene, host_id, number=number)


def object_named(scene: BpyThing, host_id: str, name: str) -> BpyThing:
    """The object of that name, a new one where there is none; the active one, or a new one, where it is empty."""
    item = next((item for item in objects(scene, host_id) if item.name == name), None) if name else None
    if not name:
        item = active_object(scene, host_id)
    return add_object(scene, host_id, name) if item is None else item


def remove_object(scene: BpyThing, host_id: str, name: str) -> None:
    """Remove an object with its prompts; nothing where there is none of that name."""
    clip = _made_clip(scene, host_id)
    index = clip.objects.find(name)
    if index >= 0:
        clip.objects.remove(index)
        clip.object_index = max(min(clip.object_index, len(clip.objects) - 1), 0)


def add_rows(scene: BpyThing, host_id: str, name: str, rows: Iterable[PromptRow]) -> str:
    """Add prompts to the object that ``object_named`` gives, and say its name.

    Of an object's boxes the latest of each frame is kept.
    """
    item = object_named(scene, host_id, name)
    clip = _made_clip(scene, host_id)
    for row in rows:
        if row.kind == "BOX":
            _remove_boxes(item, row.frame)
        prompt = item.prompts.add()
        prompt.kind, prompt.frame, prompt.include = row.kind, row.frame, row.include
        prompt.path = path_to_store(row.path)
        for point in row.points:
            prompt.points.add().numbers = (point.x, point.y, point.in_dx, point.in_dy, point.out_dx, point.out_dy)
        clip.serial += 1
        prompt.serial = clip.serial
    item.prompt_index = len(item.prompts) - 1
    return str(item.name)


def remove_prompt(item: BpyThing, index: int) -> None:
    """Remove a prompt by its place; nothing where none is there."""
    if 0 <= index < len(item.prompts):
        item.prompts.remove(index)
        item.prompt_index = max(min(item.prompt_index, len(item.prompts) - 1), 0)


def remove_last(scene: BpyThing, host_id: str) -> Optional[str]:
    """Remove the prompt that came last, whosever it is: the name of its object, None where there was none."""
    latest = [
        (prompt.serial, item, index) for item in objects(scene, host_id) for index, prompt in enumerate(item.prompts)
    ]
    if not latest:
        return None
    _, item, index = max(latest, key=lambda entry: entry[0])
    remove_prompt(item, index)
    return str(item.name)


def copy_clip(scene: BpyThing, host_id: str, new_id: str) -> None:
    """Give a clip what another one has, such as the copy of a strip; nothing where that is nothing."""
    source = stored_clip(scene, host_id)
    if source is None:
        return
    index = scene.rotomatte.clips.find(host_id)
    copy = scene.rotomatte.clips.add()
    copy.name = new_id
    # Adding may have moved the first.
    source = scene.rotomatte.clips[index]
    for item in source.objects:
        twin = copy.objects.add()
        twin.name, twin.number, twin.colour = item.name, item.number, item.colour
        add_rows(scene, new_id, item.name, tuple(rows_of(item)))
    copy.object_index = source.object_index


def _made_clip(scene: BpyThing, host_id: str) -> BpyThing:
    """What the scene has of a clip, made where that is nothing yet."""
    clip = stored_clip(scene, host_id)
    if clip is None:
        clip = scene.rotomatte.clips.add()
        clip.name = host_id
    return clip


def _remove_boxes(item: BpyThing, frame: int) -> None:
    for index in reversed(range(len(item.prompts))):
        if item.prompts[index].kind == "BOX" and item.prompts[index].frame == frame:
            item.prompts.remove(index)


def _rgb(colour: Iterable[float]) -> tuple[int, ...]:
    return tuple(round(value * 255) for value in colour)
