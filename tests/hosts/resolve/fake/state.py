"""The state of a fake Resolve as plain values, so that a test in another process can look at it."""

from __future__ import annotations

from typing import Any

from tests.hosts.resolve.fake.session import FakeResolve


def state(fake: FakeResolve) -> dict[str, Any]:
    """All projects, as JSON can have them."""
    manager = fake.root.manager
    return {
        "version": list(fake.version),
        "edition": fake.edition,
        "is_running": fake.is_running,
        "page": fake.page,
        "project": manager.current.name,
        "projects": {project.name: _project(project) for project in [*manager.projects.values(), manager.current]},
    }


def _project(project: Any) -> dict[str, Any]:
    return {
        "current_timeline": project.current_timeline.name if project.current_timeline is not None else None,
        "current_folder": project.pool.current.name,
        "settings": dict(project.settings),
        "render_presets": list(project.presets),
        "render_jobs": [job.uid for job in project.jobs],
        "folder": _folder(project.pool.root),
        "timelines": {timeline.name: _timeline(timeline) for timeline in project.timelines},
    }


def _folder(folder: Any) -> dict[str, Any]:
    return {
        "name": folder.name,
        "clips": [dict(clip.properties) for clip in folder.clips],
        "folders": [_folder(child) for child in folder.folders],
    }


def _timeline(timeline: Any) -> dict[str, Any]:
    return {
        "start": timeline.start_frame,
        "playhead": timeline.playhead,
        "markers": [{"frame": frame, **marker} for frame, marker in timeline.GetMarkers().items()],
        "tracks": [
            {
                "name": timeline.GetTrackName("video", index),
                "is_enabled": track.is_enabled,
                "items": [_item(item) for item in track.items],
            }
            for index, track in enumerate(timeline.tracks["video"], 1)
        ],
    }


def _item(item: Any) -> dict[str, Any]:
    return {
        "id": item.uid,
        "name": item.name,
        "kind": item.item_kind,
        "start": item.start,
        "end": item.end,
        "source_start": item.source_start,
        "path": item.media.properties["File Path"] if item.media is not None else None,
        "color": item.color,
        "properties": dict(item.properties),
        "markers": [{"frame": frame, **marker} for frame, marker in item.GetMarkers().items()],
        "comps": [
            {
                "name": comp.name,
                "is_rooted": comp.is_rooted(),
                "tools": [{"name": tool.name, "kind": tool.kind_id} for tool in comp.tools],
            }
            for comp in item.comps
        ],
    }
