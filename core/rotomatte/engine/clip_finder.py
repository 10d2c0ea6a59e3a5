"""Finding objects on the frames of a clip that a host has open, and the frames that are best for prompts."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Optional

from rotomatte.device_lock import visit_device
from rotomatte.engine.clips import OpenedClip
from rotomatte.engine.pictures import LatestFiles
from rotomatte.finding.everything import find_everything
from rotomatte.finding.found import Found
from rotomatte.finding.labels import drawn_picture, label_picture
from rotomatte.finding.picking import require_ids
from rotomatte.finding.settings import FindSettings, usual_settings
from rotomatte.finding.suggest import suggest_frames
from rotomatte.finding.write import png, write_mask
from rotomatte.plate.open import open_plate
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.messages import BestFrameAsked, BestFrames, EverythingFound, FindEverything, PickFound
from rotomatte_plugin.model import Clip, FrameRange

_FILES, _BYTES = 8, 32 << 20
_REACH_FRAMES = 60
"""How far from an object's prompts a best frame is looked for where no frames are named: an artist waits for it."""


class ClipFinder:
    """What finds things on an open clip; it remembers the finds of the latest frame, from which a host may pick.

    Files for the host lie in ``folder``, of which the latest stay.
    """

    def __init__(self, clip: OpenedClip, folder: Path) -> None:
        self._clip = clip
        self._files = LatestFiles(folder, "found", least=_FILES, most_bytes=_BYTES)
        self._lock = Lock()
        self._latest: Optional[tuple[int, Found]] = None

    def everything(self, asked: FindEverything) -> EverythingFound:
        """What may be objects on a frame.

        Raises:
            JobError: the clip has no such frame, or a setting means nothing.
            EngineBusyError: a job of another process has the GPU.
            PlateError, DeviceError: the frame cannot be read, or the device ran out of memory.
        """
        clip = self._clip
        clip.require_frame(asked.frame)
        settings = _settings(clip, asked)
        with self._lock, clip.in_use(), closing(open_plate(clip.settings.clip.plate)) as reader:
            with visit_device(clip.tracker.device):
                found = find_everything(reader, clip.view, clip.tracker, asked.frame, settings)
            labels_hw = label_picture(found)
            drawn_hwc = drawn_picture(labels_hw, clip.view.see_full(reader.read(asked.frame)))
            self._latest = (asked.frame, found)
            return EverythingFound(
                found.objects,
                str(self._files.keep(".png", png(labels_hw))),
                str(self._files.keep(".png", png(drawn_hwc[..., ::-1]))),
            )

    def pick(self, asked: PickFound, path: Path) -> None:
        """Write the matte of a find of the latest frame.

        Raises:
            PromptError: the frame's finds are not known, or it has none of that id.
            OutputError, DiskFullError: it cannot be written.
        """
        with self._lock:
            if self._latest is None or self._latest[0] != asked.frame:
                raise PromptError(
                    f"What is on frame {asked.frame} is not known any more.",
                    remedy="Find everything there again.",
                    frame=asked.frame,
                    clip=self._clip.info.name,
                )
            found = self._latest[1]
            require_ids((asked.id,), found.objects, asked.frame)
            write_mask(path, found.matte(asked.id))

    def best_frames(self, asked: BestFrameAsked) -> BestFrames:
        """The frames on which prompts for an object are worth most; see ``suggest_frames``.

        Raises:
            PromptError: it has no prompts, or some that cannot be used.
            JobError: the clip has no such frames.
            EngineBusyError: a job of another process has the GPU.
            CancelledError: the clip was closed meanwhile.
        """
        clip = self._clip
        if not asked.object.prompts:
            raise PromptError(
                f"{asked.object.name} has no prompts.", remedy="Give a click on it, a box or a mask, on any frame."
            )
        frames = asked.frames or _about(asked.object.prompts.prompt_frames(), clip.frames)
        for frame in (frames.first, frames.last):
            clip.require_frame(frame)
        others = tuple(
            item
            for item in clip.objects()
            if item.name != asked.object.name and all(frame in frames for frame in item.prompts.prompt_frames())
        )
        settings = clip.settings
        with clip.in_use(), visit_device(clip.tracker.device):
            found = suggest_frames(
                Clip(settings.clip.plate, frames),
                (asked.object, *others),
                settings.colour,
                replace(settings.track, mode="span", memory=None),
                clip.tracker,
                cancelled=lambda: clip.is_closed,
            )
        return BestFrames(found[asked.object.name])


def _settings(clip: OpenedClip, asked: FindEverything) -> FindSettings:
    files = clip.tracker.network.files
    usual = usual_settings(is_preview=files is not None and files.is_preview)
    return replace(
        usual,
        min_area_px=usual.min_area_px if asked.min_area_px is None else asked.min_area_px,
        max_count=usual.max_count if asked.max_count is None else asked.max_count,
    )


def _about(keys: tuple[int, ...], frames: FrameRange) -> FrameRange:
    """The frames around key frames."""
    return FrameRange(max(frames.first, keys[0] - _REACH_FRAMES), min(frames.last, keys[-1] + _REACH_FRAMES))
