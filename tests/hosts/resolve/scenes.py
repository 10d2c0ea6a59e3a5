"""Scenes that a worker process builds for itself: ``FAKE_RESOLVE_SCENE`` names one of these functions."""

from __future__ import annotations

from tests.hosts.resolve.fake.scene import Scene
from tests.hosts.resolve.fake.session import FakeResolve

PROMPTS = (
    '{"v":1,"t":6,"obj":1,"kind":"include","x":0.5,"y":0.5}\n{"v":1,"t":6,"obj":1,"kind":"exclude","x":0.1,"y":0.9}'
)


def edit() -> FakeResolve:
    """An edit with two clips of a sequence, one with the macro, a movie on track 2, a title, and markers."""
    return _edit("21.0.4").fake


def edit_19() -> FakeResolve:
    return _edit("19.0.2").fake


def edit_18() -> FakeResolve:
    return _edit("18.6.4").fake


def no_clip() -> FakeResolve:
    scene = Scene()
    scene.project()
    scene.timeline()
    return scene.fake


def wedged() -> FakeResolve:
    scene = _edit("21.0.4")
    scene.fake.quirks.is_wedged = True
    return scene.fake


def hanging_timeline() -> FakeResolve:
    scene = _edit("21.0.4")
    scene.fake.hangs.add("Project.GetCurrentTimeline")
    return scene.fake


def switched_off() -> FakeResolve:
    scene = _edit("21.0.4")
    scene.fake.external_scripting = False
    return scene.fake


def _edit(flavour: str) -> Scene:
    scene = Scene(flavour)
    scene.pretend_files = True
    scene.project("Nightfall")
    timeline = scene.timeline("Reel 3", tracks=2)
    plate = scene.media("/jobs/acme/sh010/plate.[1001-1048].exr", Input_Color_Space="Rec.709 Gamma 2.4")
    first = scene.place(plate, start=1005, end=1029)
    first.color = "Orange"
    comp = scene.comp(first)
    scene.plain_prompt(comp, Names="car", PromptList=PROMPTS)
    scene.place(plate, record_frame=timeline.start_frame + 24, start=1001, end=1049)
    movie = scene.media("/jobs/acme/sh020/take.mov", frames=200)
    scene.place(movie, track=2, record_frame=timeline.start_frame + 100, start=20, end=60, reversed=True)
    scene.title(record_frame=timeline.start_frame + 80, frames=20)
    scene.marker(timeline, 30, "roto:door", note="the left one")
    return scene
