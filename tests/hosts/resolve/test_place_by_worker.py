"""Placing and rendering in a Resolve that another process speaks to: objects are proxies, and every answer has crossed a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.hosts.resolve.by_worker import session

from rotomatte_hosts.resolve.find import Spot, find, items_in, open_timeline
from rotomatte_hosts.resolve.media_bin import MatteFiles
from rotomatte_hosts.resolve.place_clip_mattes import place_as_clip_matte
from rotomatte_hosts.resolve.place_comp import place_in_comp
from rotomatte_hosts.resolve.place_track import is_matte, place_on_track
from rotomatte_hosts.resolve.put_back import put_back
from rotomatte_hosts.resolve.render import RenderedPlate
from rotomatte_hosts.resolve.set_markers import owner, set_markers
from rotomatte_plugin.adapter import Marker
from rotomatte_plugin.model import Clip, FrameRange, Plate

START = 86400
CAR = MatteFiles("car", "/mattes/car/car.%04d.exr", 1005, 1028)


@pytest.fixture(scope="module")
def resolve() -> Iterator[Any]:
    with session("edit") as made:
        yield made.resolve


def spot(resolve: Any) -> Spot:
    timeline = open_timeline(resolve)
    item = items_in(timeline, 1)[0]
    return find(resolve, timeline.GetUniqueId(), item.GetUniqueId())


def test_a_matte_is_placed_twice_and_there_once(resolve: Any) -> None:
    resolve.OpenPage("color")
    for _ in range(2):
        at = spot(resolve)
        with put_back(at):
            assert place_on_track(at, CAR, START, {"H-FLIP": "Off"}) == ()
    assert resolve.GetCurrentPage() == "color"
    timeline = open_timeline(resolve)
    assert timeline.GetTrackName("video", 3) == "Rotomatte car"
    (matte,) = items_in(timeline, 3)
    assert is_matte(matte)
    assert (matte.GetStart(), matte.GetDuration()) == (START, 24)


def test_a_comp_and_a_clip_matte_are_placed(resolve: Any) -> None:
    at = spot(resolve)
    place_in_comp(at, CAR, 4)
    assert at.item.GetFusionCompByName("Rotomatte car").FindTool("car").GetInput("GlobalIn") == 4
    place_as_clip_matte(at, CAR)
    assert at.pool.GetClipMatteList(at.item.GetMediaPoolItem()) == ["/mattes/car/car.1005.exr"]


def test_markers_are_set(resolve: Any) -> None:
    timeline = open_timeline(resolve)
    for text in ("lost", "back"):
        set_markers(timeline, "clip", (Marker(1010, text),), lambda frame: frame - 1005 + START)
    ours = {at: marker["note"] for at, marker in timeline.GetMarkers().items() if owner(marker)[0] == "clip"}
    assert ours == {5.0: "back"}


def test_a_plate_is_rendered(resolve: Any, tmp_path: Path) -> None:
    frames = FrameRange(START, START + 3)
    clip = Clip(Plate(str(tmp_path / "plate" / "plate.%04d.exr")), frames, "sh010", "id")
    rendered = RenderedPlate(spot(resolve), clip)
    assert any(rendered.is_finished() for _ in range(20))
    assert sorted(path.name for path in (tmp_path / "plate").iterdir()) == [f"plate.{frame}.exr" for frame in frames]
    assert open_timeline(resolve).GetName() == "Reel 3"
