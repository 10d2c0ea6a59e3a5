"""Smoothing over frames: answers wait until their neighbours are there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Optional

from rotomatte.places import Place, Places
from rotomatte.plate.ahead import ReadAhead
from rotomatte.plate.base import FloatArray, PlateReader, Window
from rotomatte.roto.kept_answers import KeptAnswers
from rotomatte.roto.run import Answer
from rotomatte.roto.smooth import frames_smoothed, smoothed
from rotomatte_plugin.errors import OutputError
from rotomatte_plugin.model import CleanUp, FrameRange


@dataclass(frozen=True)
class _Moment:
    """One frame of an object: its answer, and the pictures that it is about."""

    answer: Answer
    seen_hwc: FloatArray
    close_hwc: Optional[FloatArray]


class Smoothing:
    """The stage between answers and mattes for objects that are smoothed; the others pass through.

    ``see`` makes of a frame of the plate, or of a window of it, the square picture that the model sees. ``reader`` is
    used while ``answers`` gives what is smoothed: no other may use it then.
    """

    def __init__(
        self,
        clean_ups: Mapping[str, Sequence[CleanUp]],
        frames: FrameRange,
        kept: KeptAnswers,
        reader: PlateReader,
        see: Callable[[FloatArray, Window], FloatArray],
    ) -> None:
        self._clean_ups = {
            name: clean_up for name, clean_up in clean_ups.items() if any(one.smooth_frames for one in clean_up)
        }
        self._frames = frames
        self._kept = kept
        self._reader = reader
        self._see = see

    def needed(self, wanted: Collection[Place]) -> Places:
        """The places whose answers make up the wanted ones."""
        places = Places(wanted)
        for name, frame in wanted:
            for other in self._around(name, frame):
                places.add((name, other))
        return places

    def answers(self, found: Iterable[Answer], wanted: Collection[Place]) -> Iterator[Answer]:
        """The wanted answers: those of objects that are smoothed follow when all have been found.

        Raises:
            OutputError: an answer that was kept cannot be read.
        """
        for answer in found:
            if answer.object in self._clean_ups:
                self._kept.keep(answer.object, answer)
            else:
                yield answer
        for name in self._clean_ups:
            yield from self._smoothed(name, sorted(frame for other, frame in wanted if other == name))

    def _smoothed(self, name: str, frames: Sequence[int]) -> Iterator[Answer]:
        order = sorted({other for frame in frames for other in self._around(name, frame)})
        moments: dict[int, _Moment] = {}
        with ReadAhead(self._reader, order, lambda frame, rgb_hwc: self._moment(name, frame, rgb_hwc)) as look:
            for frame in frames:
                around = self._around(name, frame)
                moments = {other: moment for other, moment in moments.items() if other in around}
                moments.update({other: look(other) for other in around if other not in moments})
                yield _averaged([moments[other] for other in around], around.index(frame))

    def _moment(self, name: str, frame: int, rgb_hwc: FloatArray) -> _Moment:
        answer = self._kept.get(name, name, frame)
        if answer is None:
            raise OutputError(
                f"What was found of {name} cannot be read any more.", remedy="Run the same command again.", frame=frame
            )
        canvas = self._reader.info.canvas
        close_up = answer.close_up
        close_hwc = None if close_up is None else self._see(rgb_hwc, close_up.window)
        return _Moment(answer, self._see(rgb_hwc, canvas), close_hwc)

    def _around(self, name: str, frame: int) -> range:
        """The frames that count on a frame."""
        reach = frames_smoothed(self._clean_ups.get(name, ()), frame)
        return range(max(frame - reach, self._frames.first), min(frame + reach, self._frames.last) + 1)


def _averaged(moments: Sequence[_Moment], centre: int) -> Answer:
    """The answer in the middle of others, averaged as far as there is no gap."""
    answer = moments[centre].answer
    if answer.sighting is not None:
        run, place = _unbroken(moments, centre, lambda moment: moment.answer.sighting is not None)
        logits = [moment.answer.sighting.logits_hw for moment in run if moment.answer.sighting is not None]
        logits_hw = smoothed(logits, [moment.seen_hwc for moment in run], place)
        answer = replace(answer, sighting=replace(answer.sighting, logits_hw=logits_hw))
    if answer.close_up is not None:
        run, place = _unbroken(moments, centre, lambda moment: moment.close_hwc is not None)
        logits = [moment.answer.close_up.logits_hw for moment in run if moment.answer.close_up is not None]
        pictures = [moment.close_hwc for moment in run if moment.close_hwc is not None]
        answer = replace(answer, close_up=replace(answer.close_up, logits_hw=smoothed(logits, pictures, place)))
    return answer


def _unbroken(
    moments: Sequence[_Moment], centre: int, belongs: Callable[[_Moment], bool]
) -> tuple[Sequence[_Moment], int]:
    """The run around the centre of those that belong, and the centre's place in it."""
    first, last = centre, centre
    while first > 0 and belongs(moments[first - 1]):
        first -= 1
    while last + 1 < len(moments) and belongs(moments[last + 1]):
        last += 1
    return moments[first : last + 1], centre - first
