from __future__ import annotations

import pytest
from tests.hosts.resolve.fake import Scene

from rotomatte_hosts.resolve.versions import can


@pytest.mark.parametrize(
    ("flavour", "source_frames", "selection"),
    [("18.6.4", False, False), ("19.0.2", True, False), ("20.2.1", True, False), ("21.0.4", True, True)],
)
def test_what_a_version_can_do(flavour: str, source_frames: bool, selection: bool) -> None:
    """``hasattr`` says True to all of these."""
    scene = Scene(flavour)
    scene.project()
    timeline = scene.timeline()
    item = scene.place(scene.media("/a.mov"))
    assert can(scene.handle(item), "GetSourceStartFrame") is source_frames
    assert can(scene.handle(timeline), "GetSelectedClips") is selection
    assert hasattr(scene.handle(timeline), "GetSelectedClips")
