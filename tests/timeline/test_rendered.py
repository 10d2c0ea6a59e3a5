"""FFmpeg renders a retimed clip of pictures whose grey is their number, and shows what was read."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from av.filter import Graph
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.timeline.edits_made import clip, movie, span, speed, time, timeline, track

from rotomatte.timeline.read_edit import read_edit

TICKS_A_SECOND = 5_760_000
"""A frame is a whole number of ticks at every rate here, and at every speed."""

RATES = tuple(map(Fraction, (24, 25, 30, 50, 60))) + tuple(Fraction(1000 * rate, 1001) for rate in (24, 30, 48, 60))
MEDIA_FRAMES = 250


def rendered(first: int, count: int, rate: Fraction, media_rate: Fraction, scalar: Fraction) -> list[int]:
    """The greys of ``count`` frames at ``rate`` of a movie at ``media_rate`` from its frame ``first`` on."""
    graph = Graph()
    frame_ticks = TICKS_A_SECOND / media_rate
    assert frame_ticks.denominator == 1
    source = graph.add_buffer(width=16, height=16, format=av.VideoFormat("gray"), time_base=Fraction(1, TICKS_A_SECOND))
    retime = graph.add("setpts", f"(PTS-{int(first * frame_ticks)})*{scalar.denominator}/{scalar.numerator}")
    # A picture is on from the first frame that does not begin before it.
    frames = graph.add("fps", f"fps={rate.numerator}/{rate.denominator}:round=up:start_time=0")
    sink = graph.add("buffersink")
    source.link_to(retime)
    retime.link_to(frames)
    frames.link_to(sink)
    graph.configure()
    for number in range(MEDIA_FRAMES):
        picture = av.VideoFrame.from_ndarray(np.full((16, 16), number, np.uint8), format="gray")
        picture.pts, picture.time_base = int(number * frame_ticks), Fraction(1, TICKS_A_SECOND)
        source.push(picture)
    source.push(None)
    greys = []
    while len(greys) < count:
        greys.append(int(sink.pull().to_ndarray()[8, 8]))
    return greys


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 40),
    st.integers(1, 30),
    st.sampled_from(RATES),
    st.sampled_from(RATES),
    st.sampled_from(tuple(map(Fraction, ("1", "1/2", "1/4", "3/4", "2", "3/2", "3")))),
)
def test_a_render_shows_what_was_read(
    first: int, count: int, rate: Fraction, media_rate: Fraction, scalar: Fraction
) -> None:
    """At any rates and speeds forward."""
    media = movie(available=span(0, MEDIA_FRAMES, float(media_rate)))
    cut = clip(first, count, float(media_rate), media=media, effects=[speed(float(scalar))])
    (use,) = read_edit(timeline(track(cut), start=time(0, float(rate))))
    frames = use.media_frames[:30]
    assert list(frames) == rendered(first, len(frames), rate, media_rate, scalar)
