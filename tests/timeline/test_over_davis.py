"""An edit over real footage with the bundled model: conformed mattes come back on the frames that show their object.

How good they are is the model's matter (docs/benchmarks.md); here each one is held against the annotation of the frame that
the edit shows, found by a player that is not Rotomatte's, so that a matte of another shot or frame is told from its own.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import opentimelineio as otio
import pytest
from numpy.typing import NDArray
from tests.conftest import alpha_of
from tests.timeline.coded_edit import NTSC_FILM, PlateInEdit, clip, gap, numbered, offline, one_path, speed, track
from tests.timeline.conftest import rotomatte
from tests.timeline.mattes_played import media_file
from tests.timeline.player import shown

DAVIS = Path(__file__).parents[3] / "shared" / "media" / "davis10"
RATE = 25
FRAMES = 40
OFFLINE = "pickup.mov"

Time, Range = otio.opentime.RationalTime, otio.opentime.TimeRange


def sequence(name: str, media_first: int) -> PlateInEdit:
    reference = numbered(DAVIS / "JPEGImages" / name, "", 5, ".jpg", RATE, media_first, 0)
    return PlateInEdit(name, reference, RATE, media_first, 0)


def movie(name: str, path: Path) -> PlateInEdit:
    """The first frames of a sequence as a movie at 23.976 frames a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=Fraction(24000, 1001), options={"qscale": "2"})
        stream.width, stream.height, stream.pix_fmt = 854, 480, "yuv420p"
        stream.codec_context.qmin, stream.codec_context.qmax = 1, 2
        for number in range(FRAMES):
            bgr_hwc = cv2.imread(str(DAVIS / "JPEGImages" / name / f"{number:05d}.jpg"))
            assert bgr_hwc is not None
            container.mux(stream.encode(av.VideoFrame.from_ndarray(bgr_hwc, format="bgr24")))
        container.mux(stream.encode())
    return PlateInEdit(name, one_path(path, NTSC_FILM, 86400, FRAMES), NTSC_FILM, 86400, 1)


def build(folder: Path) -> tuple[Any, list[dict[str, Any]]]:
    """Trims, half speed, reversed, a dissolve, one shot used twice, a nested stack, 23.976 and 25, a gap, offline media."""
    camel, dog, horse, car = (
        sequence(name, at) for name, at in (("camel", 0), ("dog", 90000), ("horsejump-high", 0), ("car-shadow", 0))
    )
    drift = movie("drift-straight", folder / "drift.mov")
    dissolve = otio.schema.Transition(
        transition_type="SMPTE_Dissolve", in_offset=Time(2, RATE), out_offset=Time(2, RATE)
    )
    nested = otio.schema.Stack(
        name="nested",
        children=[track("inner", [clip(horse, 3, 6), clip(car, 10, 6)])],
        source_range=Range(Time(2, RATE), Time(8, RATE)),
    )
    children = [
        clip(camel, 10, 6),
        clip(dog, 20, 8, speed(0.5)),
        dissolve,
        clip(drift, 12, 6),
        gap(4),
        clip(car, 30, 6, speed(-1)),
        offline(OFFLINE, 3),
        nested,
        clip(camel, 13, 5),
    ]
    timeline = otio.schema.Timeline(name="davis", global_start_time=Time(90000, RATE))
    timeline.tracks.append(track("V1", children))
    asked = [(camel, 10, 17, 10), (dog, 20, 25, 20), (drift, 10, 18, 12), (car, 25, 30, 30), (horse, 5, 8, 5)]
    asked.append((car, 10, 13, 10))
    return timeline, [entry(*item) for item in asked]


def entry(plate: PlateInEdit, first: int, last: int, on: int) -> dict[str, Any]:
    """The annotation of one frame as a mask."""
    reference = plate.reference
    is_file = isinstance(reference, otio.schema.ExternalReference)
    mask = {"frame": plate.first_number + on, "path": str(annotation(plate.name, on))}
    used = f"{plate.first_number + first}-{plate.first_number + last}"
    media = reference.target_url if is_file else str(DAVIS / "JPEGImages" / plate.name / "%05d.jpg")
    return {"media": media, "frames": used, "objects": [{"name": "hero", "prompts": {"masks": [mask]}}]}


def annotation(name: str, number: int) -> Path:
    return DAVIS / "Annotations" / name / f"{number:05d}.png"


def truth(name: str, number: int) -> NDArray[np.bool_]:
    mask_hw = cv2.imread(str(annotation(name, number)), cv2.IMREAD_GRAYSCALE)
    assert mask_hw is not None
    return mask_hw > 127


def overlap(one_hw: NDArray[np.bool_], other_hw: NDArray[np.bool_]) -> float:
    """The area of both over that of either: region similarity J."""
    return float((one_hw & other_hw).sum() / max(1, (one_hw | other_hw).sum()))


@pytest.mark.skipif(not DAVIS.is_dir(), reason="../shared/media/davis10 is not on this machine")
def test_an_edit_over_real_footage(tmp_path: Path) -> None:
    timeline, entries = build(tmp_path)
    edit, out = tmp_path / "davis.otio", tmp_path / "out"
    otio.adapters.write_to_file(timeline, str(edit))
    prompts = tmp_path / "prompts.json"
    prompts.write_text(json.dumps({"schema": 1, "shots": entries}), encoding="utf-8")
    said = rotomatte("timeline", edit, "--prompts", prompts, "-o", out, "--model", "bundled", "--handles", 1)
    assert said.code == 0, said.err
    assert (out / "report.html").is_file()

    (written,) = out.glob("*.mattes.otio")
    mattes = otio.adapters.read_from_file(str(written))
    found: dict[int, list[float]] = {-1: [], 0: [], 1: []}
    for frame in range(42):
        plates = [
            picture for picture in shown(timeline, Fraction(frame, RATE)) if Path(OFFLINE).stem != picture.clip.name
        ]
        layers = [picture for picture in shown(mattes, Fraction(frame, RATE)) if picture.track == "mattes/hero"]
        alphas_hw = [alpha_of(media_file(layer, out).path) > 0.5 for layer in layers]
        assert len(alphas_hw) == len(plates), frame
        for picture in plates:
            name = picture.clip.name.rsplit("_", 1)[0]
            number = picture.media_frame - int(picture.clip.media_reference.available_range.start_time.value)
            for away, overlaps in found.items():
                truth_hw = truth(name, number + away)
                overlaps.append(max(overlap(alpha_hw, truth_hw) for alpha_hw in alphas_hw))
    assert len(found[0]) == 39
    assert min(found[0]) > 0.6
    # 0.876, and 0.810 and 0.805 against the frames before and after: each matte is that of its own frame.
    mean = {away: float(np.mean(overlaps)) for away, overlaps in found.items()}
    assert mean[0] > 0.85
    assert mean[0] > max(mean[-1], mean[1]) + 0.03
