"""Tests that run in Blender's own Python (see ``test_clips_inside.py``): which clip is meant, and what it is."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy
import pytest
from tests.contract.blender_case import grey_png

from rotomatte_hosts.blender import bake, clips, compat, disk, ids, properties, store
from rotomatte_hosts.blender.adapter import BlenderHost
from rotomatte_hosts.blender.marks import MATTE_MARK
from rotomatte_hosts.blender.plates import plates_folder
from rotomatte_hosts.blender.prompt_rows import point_row
from rotomatte_plugin.adapter import PlateRender
from rotomatte_plugin.errors import JobError, PlateError
from rotomatte_plugin.model import FrameRange

SIDE_PX = 16
FIRST, COUNT = 1001, 12


@pytest.fixture(autouse=True)
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    bpy.ops.wm.read_factory_settings(use_empty=True)
    if not hasattr(bpy.types.Scene, "rotomatte"):
        properties.register()
    scene = bpy.context.scene
    scene.sequence_editor_create()
    compat.set_sequencer_scene(scene)
    return scene


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A sequence, a grey of its own on every frame."""
    found = [tmp_path / f"grey.{frame:04d}.png" for frame in range(FIRST, FIRST + COUNT)]
    for index, file in enumerate(found):
        file.write_bytes(grey_png(SIDE_PX, 25 + 18 * index))
    return found


def add_strip(scene: Any, files: list[Path], name: str = "plate", start: int = 1) -> Any:
    channel = len(scene.sequence_editor.strips) + 1
    strip = scene.sequence_editor.strips.new_image(name, str(files[0]), channel, start)
    for file in files[1:]:
        strip.elements.append(file.name)
    return strip


def select(strip: Any) -> Any:
    editor = strip.id_data.sequence_editor
    for other in editor.strips_all:
        other.select = other == strip
    editor.active_strip = strip
    return strip


@contextmanager
def editor(kind: str) -> Iterator[Any]:
    """An editor of that kind, and a context in it."""
    window = bpy.context.window_manager.windows[0]
    area = window.screen.areas[0]
    area.type = kind
    with bpy.context.temp_override(window=window, area=area, region=area.regions[0]):
        yield area.spaces.active


def shown_by_compositor(scene: Any, node: Any, frame: int, folder: Path) -> int:
    """Which of the sequence's frames a node of the compositor gives at a frame of the scene."""
    tree = compat.compositor_tree(scene)
    compat.link_to_output(tree, node.outputs["Image"])
    scene.render.resolution_x = scene.render.resolution_y = SIDE_PX
    scene.render.resolution_percentage = 100
    scene.render.use_sequencer = False
    if hasattr(scene.render, "compositor_device"):
        scene.render.compositor_device = "CPU"
    compat.set_linear_exr(scene.render.image_settings)
    scene.frame_set(frame)
    scene.render.filepath = str(folder / "seen.exr")
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(scene.render.filepath)
    value = image.pixels[SIDE_PX // 2 * SIDE_PX * image.channels]
    bpy.data.images.remove(image)
    encoded = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return FIRST + round((encoded * 255 - 25) / 18)


def test_a_movie_clip_by_its_start_and_offset(scene: Any, files: list[Path], tmp_path: Path) -> None:
    clip = bpy.data.movieclips.load(str(files[2]))
    clip.frame_start, clip.frame_offset = 101, 3
    with editor("CLIP_EDITOR") as space:
        space.clip = clip
        found = clips.selected(bpy.context)
    assert (found.kind, found.clip.clip.plate.path) == ("movie clip", str(tmp_path / "grey.%04d.png"))
    assert found.size_px == (SIDE_PX, SIDE_PX)
    assert found.clip.clip.frames == FrameRange(FIRST + 2, FIRST + COUNT - 1)
    assert found.clip.colour.host_space == "sRGB"
    assert clips.find(ids.id_of(clip)).clip == found.clip
    tree = compat.new_compositor_tree(scene)
    node = tree.nodes.new("CompositorNodeMovieClip")
    node.clip = clip
    for frame in (101, 103, 106):
        assert found.frames.to_clip(frame) == shown_by_compositor(scene, node, frame, tmp_path) == frame + 905


def test_an_image_node_by_its_start_and_offset(scene: Any, files: list[Path], tmp_path: Path) -> None:
    image = bpy.data.images.load(str(files[4]))
    image.source = "SEQUENCE"
    tree = compat.new_compositor_tree(scene)
    node = tree.nodes.new("CompositorNodeImage")
    node.image = image
    node.frame_start, node.frame_offset, node.frame_duration = 101, FIRST + 1, 8
    tree.nodes.active = node
    with editor("NODE_EDITOR") as space:
        space.tree_type = "CompositorNodeTree"
        space.node_tree = tree
        found = clips.selected(bpy.context)
    assert (found.kind, found.owner) == ("image", image)
    assert found.clip.clip.plate.path == str(tmp_path / "grey.%04d.png")
    assert found.size_px == (SIDE_PX, SIDE_PX)
    assert found.clip.clip.frames == FrameRange(FIRST + 2, FIRST + 9)
    assert clips.find(ids.id_of(image)).clip == found.clip
    for frame in (101, 104, 108, 120):
        assert found.frames.to_clip(frame) == shown_by_compositor(scene, node, frame, tmp_path)


def test_the_image_of_the_image_editor(files: list[Path]) -> None:
    image = bpy.data.images.load(str(files[4]))
    with editor("IMAGE_EDITOR") as space:
        space.image = image
        found = clips.selected(bpy.context)
        assert (found.clip.clip.frames, found.frames.to_clip(77)) == (FrameRange(1005, 1005), 1005)
        image.source = "SEQUENCE"
        user = space.image_user
        user.frame_start, user.frame_offset, user.frame_duration = 11, FIRST - 1, COUNT
        found = clips.selected(bpy.context)
        assert found.clip.clip.frames == FrameRange(FIRST, FIRST + COUNT - 1)
        assert found.frames.to_clip(13) == FIRST + 2
        assert clips.find(ids.id_of(image)).clip == found.clip
        drawn = bpy.data.images.new("drawn", 8, 8)
        space.image = drawn
        with pytest.raises(JobError, match="not one of a file"):
            clips.selected(bpy.context)
        assert clips.shown(bpy.context) is None
        assert not ids.id_of(drawn), "what cannot be used is not marked"


def test_footage_that_blender_shows_cropped_is_refused_outside_the_sequencer(tmp_path: Path) -> None:
    file = tmp_path / "overscan.0001.exr"
    file.write_bytes(exr_header(data=(-4, -4, 19, 19), display=(0, 0, 15, 15)))
    clip = bpy.data.movieclips.load(str(file))
    with editor("CLIP_EDITOR") as space:
        space.clip = clip
        with pytest.raises(PlateError, match="overscan") as error:
            clips.selected(bpy.context)
    assert "sequencer" in error.value.remedy


def test_drawing_changes_nothing(scene: Any, files: list[Path]) -> None:
    strip = select(add_strip(scene, files))
    found = clips.shown(bpy.context)
    assert found is not None
    assert not ids.id_of(strip)
    host_id = clips.selected(bpy.context).clip.clip.host_id
    assert clips.shown(bpy.context) == clips.find(host_id)


def test_neither_sound_nor_a_matte_of_ours_is_a_plate(scene: Any, files: list[Path]) -> None:
    strip = select(add_strip(scene, files))
    strip[MATTE_MARK] = "x/car/strip"
    with pytest.raises(JobError, match="matte of Rotomatte"):
        clips.selected(bpy.context)
    assert clips.in_timeline(bpy.context) == ()


def test_a_copied_strip_gets_its_own_id_and_the_same_prompts(scene: Any, files: list[Path]) -> None:
    original = select(add_strip(scene, files))
    first_id = clips.selected(bpy.context).clip.clip.host_id
    store.add_rows(scene, first_id, "car", [point_row(FIRST, 4, 5)])
    copy = add_strip(scene, files, "copy", start=50)
    copy[ids.HOST_ID] = first_id
    select(copy)
    second_id = clips.selected(bpy.context).clip.clip.host_id
    assert second_id not in {"", first_id}
    assert ids.id_of(original) == first_id
    assert store.objects_of(scene, second_id) == store.objects_of(scene, first_id)
    store.add_rows(scene, second_id, "car", [point_row(FIRST, 6, 7)])
    assert store.objects_of(scene, second_id) != store.objects_of(scene, first_id)
    assert [found.owner for found in clips.in_timeline(bpy.context)] == [original, copy]


def test_ids_and_what_a_clip_is_survive_saving(scene: Any, files: list[Path], tmp_path: Path) -> None:
    strip = select(add_strip(scene, files))
    strip.use_reverse_frames = True
    before = clips.selected(bpy.context).clip
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "edit.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "edit.blend"))
    assert clips.find(before.clip.host_id).clip == before
    with pytest.raises(JobError, match="not in this"):
        clips.find("gone")
    with pytest.raises(JobError):
        clips.find("")


def test_only_what_decides_pixels_makes_another_plate(
    scene: Any, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    strip = select(add_strip(scene, files))
    strip.use_reverse_frames = True

    def path() -> str:
        return clips.selected(bpy.context).clip.clip.plate.path

    paths = [path()]
    scene.frame_set(7)
    strip.blend_alpha = 0.5
    strip.keyframe_insert("blend_alpha", frame=7)
    strip.transform.scale_x = 2
    strip.mute = True
    strip.name = "another name"
    assert path() == paths[0]
    compat.set_handles(strip, 2, 10)
    paths.append(path())
    strip.colorspace_settings.name = "Non-Color"
    paths.append(path())
    strip.elements[3].filename = files[4].name
    paths.append(path())
    os.utime(files[1], ns=(1, 1))
    monkeypatch.setattr(disk, "_LOOK_S", 1e-9)
    paths.append(path())
    scene.render.fps = 25
    paths.append(path())
    assert len(set(paths)) == len(paths)


def test_a_render_that_fails_says_why_and_leaves_nothing(
    scene: Any, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    select(add_strip(scene, files)).use_reverse_frames = True
    host = BlenderHost()
    clip = host.selected_clip()
    failing = tmp_path / "failing.py"
    failing.write_text("raise SystemExit('no room for it')")
    monkeypatch.setattr(bake, "_PROGRAM", failing)
    render = host.render_plate(clip)
    with pytest.raises(PlateError, match="no room for it") as error:
        wait_for(render)
    assert error.value.clip == "plate"
    assert files_below(plates_folder()) == []
    assert render.is_finished(), "it is over"


def test_a_strip_that_changed_meanwhile_is_not_rendered(scene: Any, files: list[Path]) -> None:
    strip = select(add_strip(scene, files))
    strip.use_reverse_frames = True
    host = BlenderHost()
    clip = host.selected_clip()
    strip.strobe = 4
    with pytest.raises(PlateError, match="changed"):
        host.render_plate(clip)


def test_a_plate_that_is_there_is_not_rendered_again(scene: Any, files: list[Path]) -> None:
    select(add_strip(scene, files[:2])).use_reverse_frames = True
    host = BlenderHost()
    clip = host.selected_clip()
    folder = Path(clip.clip.plate.path).parent
    folder.mkdir(parents=True)
    for frame in (1, 2):
        (folder / f"plate.{frame:04d}.exr").touch()
    render = host.render_plate(clip)
    assert (render.is_finished(), render.done()) == (True, 2)


def test_the_other_blender_ends_with_this_one(
    scene: Any, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever ends this one, its end of the pipe is closed."""
    select(add_strip(scene, files * 200)).use_reverse_frames = True
    host = BlenderHost()
    render = host.render_plate(host.selected_clip())
    assert isinstance(render, bake.PlateBake)
    assert not render.is_finished(), "it starts with the first look"
    process = render._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(60) == 3
    render.cancel()
    assert files_below(plates_folder()) == []


def test_the_config_in_force_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Path(compat.ocio_config()).is_file()
    monkeypatch.setenv("OCIO", "ocio://studio")
    assert compat.ocio_config() == "ocio://studio"


def wait_for(render: PlateRender) -> None:
    while not render.is_finished():
        time.sleep(0.02)


def files_below(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def exr_header(data: tuple[int, ...], display: tuple[int, ...]) -> bytes:
    """An EXR file that ends behind its header."""
    channel = b"R\0" + struct.pack("<4i", 1, 0, 1, 1)
    attributes = (
        ("channels", "chlist", channel + b"\0"),
        ("compression", "compression", b"\0"),
        ("dataWindow", "box2i", struct.pack("<4i", *data)),
        ("displayWindow", "box2i", struct.pack("<4i", *display)),
        ("lineOrder", "lineOrder", b"\0"),
        ("pixelAspectRatio", "float", struct.pack("<f", 1)),
        ("screenWindowCenter", "v2f", struct.pack("<2f", 0, 0)),
        ("screenWindowWidth", "float", struct.pack("<f", 1)),
    )
    parts = (f"{name}\0{kind}\0".encode() + struct.pack("<i", len(value)) + value for name, kind, value in attributes)
    return b"\x76\x2f\x31\x01" + struct.pack("<i", 2) + b"".join(parts) + b"\0"
