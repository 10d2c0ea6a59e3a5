"""What a .blend file keeps of Rotomatte: ``scene.rotomatte``."""

from __future__ import annotations

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatVectorProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.naming import clean_name
from rotomatte_plugin.quality import PRESETS

_KINDS = tuple((kind, kind.title(), "") for kind in ("POINT", "BOX", "SHAPE", "STROKE", "MASK"))
_QUALITIES = tuple((name, name.title(), preset.meaning) for name, preset in PRESETS.items())
_PROFILES = (
    ("universal", "A matte an object", "An EXR sequence for each object, with the matte in all four channels"),
    ("cryptomatte", "Cryptomatte", "One EXR sequence with all objects; comes back as nodes only"),
)
_PLACES = (
    ("STRIP", "Strip", "An image strip above the plate, which masks the plate's strip"),
    ("NODES", "Nodes", "Nodes in the scene's compositor"),
)


class RotomattePoint(bpy.types.PropertyGroup):
    """x and y in plate pixels from the top left, then the offsets of the tangents that come in and go out."""

    numbers: FloatVectorProperty(size=6)


class RotomattePrompt(bpy.types.PropertyGroup):
    """A ``PromptRow``. ``serial`` grows from prompt to prompt of a clip, so that the latest can be found.

    ``path`` is as ``stored_paths.path_to_store`` makes it.
    """

    kind: EnumProperty(items=_KINDS)
    frame: IntProperty()
    include: BoolProperty(default=True)
    points: CollectionProperty(type=RotomattePoint)
    path: StringProperty()
    serial: IntProperty()


def _renamed(item: BpyThing, context: BpyThing) -> None:
    """Keep to names that files and channels can have, and tell objects of a clip apart."""
    del context
    clip = next(clip for clip in item.id_data.rotomatte.clips if item in tuple(clip.objects))
    others = [other.name for other in clip.objects if other != item]
    name = clean_name(item.name, others)
    if name != item.name:
        item.name = name


class RotomatteObject(bpy.types.PropertyGroup):
    """Something to be cut out. ``number`` is its key on the keyboard, -1 where it has none."""

    name: StringProperty(name="Name", description="Letters, digits and underscores", update=_renamed)
    colour: FloatVectorProperty(name="Colour", subtype="COLOR_GAMMA", size=3, min=0, max=1)
    number: IntProperty(default=-1, min=-1, max=9)
    prompts: CollectionProperty(type=RotomattePrompt)
    prompt_index: IntProperty()


class RotomatteClip(bpy.types.PropertyGroup):
    """What the artist said of one clip; ``name`` is its host id."""

    objects: CollectionProperty(type=RotomatteObject)
    object_index: IntProperty()
    serial: IntProperty()


class RotomatteScene(bpy.types.PropertyGroup):
    """All clips, and the settings of the panel. ``place`` is how mattes come back."""

    clips: CollectionProperty(type=RotomatteClip)
    quality: EnumProperty(name="Quality", items=_QUALITIES, default="good")
    colour_space: StringProperty(
        name="Colour space", description="The plate's colour space by its OCIO name, where Blender's own is wrong"
    )
    folder: StringProperty(
        name="Mattes", description="Where mattes are written", subtype="DIR_PATH", default="//rotomatte/"
    )
    profile: EnumProperty(name="Files", items=_PROFILES, default="universal")
    brings_back: BoolProperty(name="Bring back", description="Bring the mattes to the plate", default=True)
    place: EnumProperty(name="As", items=_PLACES, default="STRIP")
    splines: BoolProperty(name="Splines", description="Also as animated masks, to refine by hand", default=False)
    markers: BoolProperty(name="Markers", description="Mark frames where an object is lost or returns", default=True)


CLASSES = (RotomattePoint, RotomattePrompt, RotomatteObject, RotomatteClip, RotomatteScene)


def register() -> None:
    """Give every scene its ``rotomatte``."""
    for kind in CLASSES:
        bpy.utils.register_class(kind)
    bpy.types.Scene.rotomatte = PointerProperty(type=RotomatteScene)


def unregister() -> None:
    """Take it back; what files have keeps, for another time."""
    del bpy.types.Scene.rotomatte
    for kind in reversed(CLASSES):
        bpy.utils.unregister_class(kind)
