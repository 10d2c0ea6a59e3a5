"""The open points about Resolve's scripting, each with the way to its answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional

from rotomatte_hosts.resolve.probe import (
    FIRST,
    GREY,
    HEIGHT_PX,
    LAST,
    PLACED_END,
    PLACED_FIRST,
    WIDTH_PX,
    Bench,
    Point,
    UnansweredError,
    place,
)
from rotomatte_hosts.resolve.probe_pictures import read_png, write_exr

_MARKED = 3
_HALF = 0.5
_NEAR = 0.03
_HEAD_LINES = 12
"""Where a README of Resolve says of when it is."""
_MANAGED = "davinciYRGBColorManagedv2"


def points(modules: Optional[Path]) -> dict[str, tuple[str, Point]]:
    """All points by letter; ``modules`` is the folder of Resolve's scripting module, beside which its README lies."""

    def readme(bench: Bench) -> tuple[str, dict[str, Any]]:
        return _readme(bench, modules)

    return {
        "a": ("From where do markers of a timeline item count?", _item_markers),
        "b": ("How does a comp count the frames of a sequence?", _comp_time),
        "c": ("In which form does a clip matte's sequence name its path?", _clip_matte_form),
        "d": ("Of what are the heights of rectangle and ellipse masks fractions?", _mask_units),
        "e": ("Is AppendToTimeline's endFrame the last frame or the one after it?", _end_frame),
        "f": ("What does colour management do to an imported matte?", _managed_matte),
        "g": ("Is an EXR of one channel seen as a picture?", _one_channel),
        "h": ("Is there a UIManager for windows with mouse events?", _ui_manager),
        "i": ("What does this build's own README say?", readme),
    }


def _item_markers(bench: Bench) -> tuple[str, dict[str, Any]]:
    """By the native OTIO export, which writes a clip's markers in the media's own time."""
    if not bench.item.AddMarker(_MARKED, "Blue", "rotomatte probe", "", 1, ""):
        raise UnansweredError("The item takes no marker.")
    path = bench.folder / "probe.otio"
    bench.timeline.Export(str(path), bench.resolve.EXPORT_OTIO)
    bench.item.DeleteMarkerAtFrame(_MARKED)
    if not path.is_file():
        raise UnansweredError("Resolve exports no OTIO.")
    clip = next(iter(_marked_clips(json.loads(path.read_text(encoding="utf-8")))), None)
    if clip is None:
        raise UnansweredError("The export has no clip with the marker.")
    marker = float(clip["markers"][0]["marked_range"]["start_time"]["value"])
    source = float(clip["source_range"]["start_time"]["value"])
    available = _available_start(clip)
    evidence = {"id": _MARKED, "marker": marker, "source_start": source, "available_start": available}
    if marker in {source + _MARKED, _MARKED}:
        return "from the item's first frame", evidence
    if available is not None and marker == available + _MARKED:
        return "from the head of the media", evidence
    return "from elsewhere", evidence


def _marked_clips(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [clip for item in node for clip in _marked_clips(item)]
    if not isinstance(node, dict):
        return []
    is_clip = str(node.get("OTIO_SCHEMA", "")).startswith("Clip.") and node.get("markers")
    return [node] if is_clip else [clip for item in node.values() for clip in _marked_clips(item)]


def _available_start(clip: Mapping[str, Any]) -> Optional[float]:
    references = list((clip.get("media_references") or {}).values()) or [clip.get("media_reference")]
    for reference in references:
        if isinstance(reference, dict) and reference.get("available_range"):
            return float(reference["available_range"]["start_time"]["value"])
    return None


def _comp_time(bench: Bench) -> tuple[str, dict[str, Any]]:
    comp = bench.item.AddFusionComp()
    if comp is None:
        raise UnansweredError("Resolve makes no comp.")
    attrs = comp.GetAttrs()
    evidence = {
        name: attrs.get(f"COMPN_{name}")
        for name in ("GlobalStart", "GlobalEnd", "RenderStart", "RenderEnd", "CurrentTime")
    }
    evidence["left_offset"] = bench.item.GetLeftOffset()
    source = getattr(bench.item, "GetSourceStartFrame", None)
    evidence["source_start"] = source() if callable(source) else None
    evidence["media_start"] = bench.media.GetClipProperty("Start")
    offset = float(attrs["COMPN_RenderStart"]) - float(attrs["COMPN_GlobalStart"])
    _drop_comps(bench)
    answer = (
        f"its global range begins at {attrs['COMPN_GlobalStart']:g} for file {FIRST}, its render range {offset:g} later"
    )
    where = "as" if offset == PLACED_FIRST - FIRST else "not as"
    return f"{answer} ({where} the item's first frame lies in the file)", evidence


def _drop_comps(bench: Bench) -> None:
    for name in bench.item.GetFusionCompNameList() or []:
        bench.item.DeleteFusionCompByName(name)


def _clip_matte_form(bench: Bench) -> tuple[str, dict[str, Any]]:
    storage = bench.resolve.GetMediaStorage()
    forms = {
        "first file": bench.pattern % FIRST,
        "brackets": bench.pattern.replace("%04d", f"[{FIRST}-{LAST}]"),
        "pattern": bench.pattern,
    }
    evidence: dict[str, Any] = {}
    for form, path in forms.items():
        said = storage.AddClipMattesToMediaPool(bench.media, [path])
        listed = list(bench.pool.GetClipMatteList(bench.media) or [])
        evidence[form] = {"said": said, "listed": [Path(item).name for item in listed]}
        if listed:
            bench.pool.DeleteClipMattes(bench.media, listed)
    taken = [form for form, seen in evidence.items() if seen["listed"]]
    return ", ".join(taken) or "in none of these", evidence


def _mask_units(bench: Bench) -> tuple[str, dict[str, Any]]:
    """By the size in a still of what a mask half as wide and half as high darkens."""
    evidence: dict[str, Any] = {}
    said = []
    for kind in ("RectangleMask", "EllipseMask"):
        comp = bench.item.AddFusionComp()
        tools = {str(tool.GetAttrs()["TOOLS_RegID"]): tool for tool in comp.GetToolList(False).values()}
        dark, mask = comp.AddTool("BrightnessContrast", 1, 0), comp.AddTool(kind, 1, 1)
        dark.ConnectInput("Input", tools["MediaIn"])
        dark.ConnectInput("EffectMask", mask)
        tools["MediaOut"].ConnectInput("Input", dark)
        dark.SetInput("Gain", 0.0)
        mask.SetInput("Width", _HALF)
        mask.SetInput("Height", _HALF)
        still = read_png(bench.still())
        _drop_comps(bench)
        width, height = still.dark_size_px()
        evidence[kind] = {"still_px": [still.width_px, still.height_px], "mask_px": [width, height]}
        if abs(height / still.height_px - _HALF) < _NEAR:
            said.append(f"{kind}: of the height")
        elif abs(height / still.width_px - _HALF) < _NEAR:
            said.append(f"{kind}: of the width")
        else:
            said.append(f"{kind}: of neither")
    return ", ".join(said), evidence


def _end_frame(bench: Bench) -> tuple[str, dict[str, Any]]:
    duration = int(bench.item.GetDuration())
    evidence = {"startFrame": PLACED_FIRST, "endFrame": PLACED_END, "duration": duration}
    words = {PLACED_END - PLACED_FIRST: "the one after it", PLACED_END - PLACED_FIRST + 1: "the last one"}
    return words.get(duration, "neither"), evidence


def _managed_matte(bench: Bench) -> tuple[str, dict[str, Any]]:
    before = bench.project.GetSetting("colorScienceMode")
    evidence: dict[str, Any] = {"grey_in_file": GREY}
    try:
        for mode in (str(before), _MANAGED):
            bench.project.SetSetting("colorScienceMode", mode)
            space = bench.media.GetClipProperty("Input Color Space")
            evidence[mode] = {"input_colour_space": space, "still": _middle(bench)}
        for space in ("Bypass", "Linear", str(bench.project.GetSetting("colorSpaceTimeline"))):
            bench.media.SetClipProperty("Input Color Space", space)
            read_back = bench.media.GetClipProperty("Input Color Space")
            evidence[f"{_MANAGED}, {space}"] = {"input_colour_space": read_back, "still": _middle(bench)}
    finally:
        bench.project.SetSetting("colorScienceMode", str(before))
    kept = [
        name
        for name, seen in evidence.items()
        if isinstance(seen, dict) and seen["still"] is not None and abs(seen["still"] - GREY) < _NEAR
    ]
    return f"{GREY:g} stays itself with: {'; '.join(kept) or 'none of these'}", evidence


def _one_channel(bench: Bench) -> tuple[str, dict[str, Any]]:
    evidence: dict[str, Any] = {}
    said = []
    for channel in ("Y", "A"):
        path = bench.folder / f"only_{channel.lower()}.exr"
        write_exr(path, WIDTH_PX, HEIGHT_PX, {channel: 1.0})
        imported = bench.pool.ImportMedia([str(path)])
        if not imported:
            said.append(f"{channel}: not imported")
            continue
        while int(bench.timeline.GetTrackCount("video")) < len(evidence) + 2:
            bench.timeline.AddTrack("video")
        place(bench.pool, bench.timeline, imported[0], 0, PLACED_END - PLACED_FIRST, len(evidence) + 2)
        middle = _middle(bench)
        evidence[channel] = {"alpha_mode": imported[0].GetClipProperty("Alpha mode"), "still": middle}
        said.append(f"{channel}: {_seen_as(middle)}")
    return ", ".join(said), evidence


def _seen_as(middle: Optional[float]) -> str:
    if middle is None:
        return "no still of it"
    return "black" if middle < _NEAR else "seen" if middle > 1 - _NEAR else f"{middle:.3f}"


def _middle(bench: Bench) -> Optional[float]:
    """The still's value in the middle; None where Resolve writes none."""
    try:
        return round(read_png(bench.still()).middle(), 4)
    except UnansweredError:
        return None


def _ui_manager(bench: Bench) -> tuple[str, dict[str, Any]]:
    fusion = bench.resolve.Fusion()
    manager = None if fusion is None else fusion.UIManager
    names = [] if manager is None else sorted(name for name in dir(manager) if not name.startswith("_"))
    # Whether its events come can only be seen by somebody with a mouse.
    return ("there is none" if manager is None else "there is one; its events need a hand to be tried"), {
        "names": names
    }


def _readme(bench: Bench, modules: Optional[Path]) -> tuple[str, dict[str, Any]]:
    things = {
        "Resolve": bench.resolve,
        "ProjectManager": bench.resolve.GetProjectManager(),
        "Project": bench.project,
        "MediaPool": bench.pool,
        "MediaPoolItem": bench.media,
        "Timeline": bench.timeline,
        "TimelineItem": bench.item,
        "Composition": bench.item.AddFusionComp(),
    }
    evidence: dict[str, Any] = {
        f"names of {kind}": sorted(name for name in dir(thing) if not name.startswith("_"))
        for kind, thing in things.items()
        if thing is not None
    }
    _drop_comps(bench)
    names = () if modules is None else (modules.parent / name for name in ("README.txt", "README.md", "Readme.txt"))
    path = next((path for path in names if path.is_file()), None)
    if path is None:
        return "it is not found; the names of all methods are in the report", evidence
    text = path.read_bytes()
    evidence["sha256"] = hashlib.sha256(text).hexdigest()
    evidence["lines"] = text.decode(errors="replace").splitlines()[:_HEAD_LINES]
    first = next((line.strip() for line in evidence["lines"] if line.strip()), "")
    return f"{first} ({len(text)} bytes; the names of all methods are in the report)", evidence
