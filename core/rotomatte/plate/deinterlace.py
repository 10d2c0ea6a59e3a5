"""One whole frame out of the two fields of an interlaced one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

from av.filter import Graph
from av.video.frame import VideoFrame

from rotomatte.plate.movie_colour import planar_format
from rotomatte_plugin.errors import FrameUnreadableError

FILTER = "bwdif"
"""Bob Weaver: FFmpeg's best deinterlacer that needs neither a GPU nor weights; it looks one frame to either side."""


class Deinterlacer:
    """Deinterlaced frames by position, the same whatever was asked for before.

    ``picture`` gives the decoded frame of a position, ``count`` is their number. The filter is fed one frame ahead
    and goes on where frames are asked for one after the other; anywhere else it starts anew with the frame before.
    """

    def __init__(self, picture: Callable[[int], VideoFrame], count: int) -> None:
        self._picture = picture
        self._count = count
        self._graph: Optional[Graph] = None
        self._next_out = 0

    def frame(self, position: int) -> VideoFrame:
        """The frame at that position, with the codes and tags of its decoded one.

        A damaged neighbour counts as the end of the movie; an error of the frame itself comes out.
        """
        graph = self._graph if self._next_out == position else None
        # An error leaves no filter behind that is out of step.
        self._graph = None
        if graph is None:
            graph = self._started(position)
        following = self._neighbour(position + 1)
        graph.vpush(following)
        deinterlaced = graph.vpull()
        if following is not None:
            self._graph, self._next_out = graph, position + 1
        return deinterlaced

    def close(self) -> None:
        """Let go of the frames in the filter."""
        self._graph = None

    def _started(self, position: int) -> Graph:
        frame, before = self._picture(position), self._neighbour(position - 1)
        graph = Graph()
        graph.link_nodes(
            graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base),
            # Named, as the filter would else choose a format of its own for packed pixels.
            graph.add("format", f"pix_fmts={planar_format(frame)}"),
            graph.add(FILTER, "mode=send_frame:parity=auto:deint=interlaced"),
            graph.add("buffersink"),
        ).configure()
        if before is not None:
            graph.vpush(before)
        graph.vpush(frame)
        if before is not None:
            graph.vpull()
        return graph

    def _neighbour(self, position: int) -> Optional[VideoFrame]:
        if not 0 <= position < self._count:
            return None
        try:
            return self._picture(position)
        except FrameUnreadableError:
            return None
