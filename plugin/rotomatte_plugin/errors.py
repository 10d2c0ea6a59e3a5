"""Every error that Rotomatte shows to a person.

    RotomatteError                    exit code
    +-- JobError                      2   the job document or the command line is wrong
    |   +-- PromptError               2   a prompt is outside the frame or range, inverted, empty, not a number
    |   +-- TimelineError             2   the edit cannot be read, or not be taken as it is
    +-- PlateError                    4   the plate cannot be used
    |   +-- PlateNotFoundError        4   no such file, folder or pattern
    |   +-- FrameMissingError         4   a gap in the sequence, or a frame outside the movie
    |   +-- FrameUnreadableError      4   a truncated or corrupt frame
    |   +-- FrameSizeError            4   frames of different sizes in one sequence
    |   +-- ColourError               4   the colour space is unknown, or the config unusable
    +-- ModelError                    5   the model cannot be used
    |   +-- UnknownModelError         5   no model of that name
    |   +-- ModelMissingError         5   a known model whose weights are not on this machine
    |   +-- ChecksumError             5   weights that are not what they claim to be
    |   +-- DownloadError             5   the download did not finish
    |   +-- DeviceError               5   the device is absent or cannot be used
    |       +-- OutOfMemoryError      5   its memory, or the machine's, does not suffice
    +-- OutputError                   6   the mattes cannot be written
    |   +-- DiskFullError             6
    |   +-- ForeignMattesError        6   the folder holds mattes of another plate
    +-- MissingExtraError             7   an optional part is not installed
    +-- EngineError                   8   the engine process cannot be reached
    |   +-- EngineMissingError        8   no Python with the engine is found
    |   +-- EngineBusyError           8   it serves as many clients as it can, or another job has the GPU
    |   +-- EngineTimeoutError        8   it did not answer in time
    |   +-- ProtocolError             8   the two sides do not understand each other
    +-- HostError                     9   the host application cannot be reached or used, or does not answer
    +-- CancelledError              130   stopped by the user; finished frames are kept

Exit code 1 is a bug in Rotomatte, 3 is kept for runs of which only a part succeeded.
"""

from __future__ import annotations

from typing import Optional


class RotomatteError(Exception):
    """What went wrong, where, and what to do about it.

    ``message`` is one sentence; ``remedy`` is the next step as an imperative sentence. ``clip``, ``frame``
    (in the plate's own numbering) and ``path`` say where, and are None where they mean nothing.
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        remedy: str,
        clip: Optional[str] = None,
        frame: Optional[int] = None,
        path: Optional[str] = None,
    ) -> None:
        self.message = message
        self.remedy = remedy
        self.clip = clip
        self.frame = frame
        self.path = path
        super().__init__(f"{message} {remedy}")


class JobError(RotomatteError, ValueError):
    """The job document or the command line does not describe a job."""

    exit_code = 2


class PromptError(JobError):
    """A prompt cannot be used as given."""


class TimelineError(JobError):
    """The edit cannot be read, or not be taken as it is."""


class PlateError(RotomatteError):
    """The plate cannot be used."""

    exit_code = 4


class PlateNotFoundError(PlateError):
    """No file, folder or sequence is there."""


class FrameMissingError(PlateError):
    """The plate has no such frame."""


class FrameUnreadableError(PlateError):
    """A frame is there and cannot be decoded."""


class FrameSizeError(PlateError):
    """Frames of one plate differ in size."""


class ColourError(PlateError):
    """The colour of the plate cannot be managed as asked."""


class ModelError(RotomatteError):
    """The model cannot be used."""

    exit_code = 5


class UnknownModelError(ModelError):
    """No model goes by that name."""


class ModelMissingError(ModelError):
    """The model is known and its weights are not on this machine."""


class ChecksumError(ModelError):
    """The weights are not what they claim to be."""


class DownloadError(ModelError):
    """The download did not finish."""


class DeviceError(ModelError):
    """The device is absent or cannot be used."""


class OutOfMemoryError(DeviceError):
    """The device or the machine ran out of memory, and nothing is left that could be let go of."""


class OutputError(RotomatteError):
    """The mattes cannot be written."""

    exit_code = 6


class DiskFullError(OutputError):
    """No space is left where the mattes go."""


class ForeignMattesError(OutputError):
    """The output folder holds mattes of another plate."""


class MissingExtraError(RotomatteError):
    """An optional part of Rotomatte is not installed."""

    exit_code = 7


class EngineError(RotomatteError):
    """The engine process cannot be reached."""

    exit_code = 8


class EngineMissingError(EngineError):
    """No Python with the engine is found on this machine."""


class EngineBusyError(EngineError):
    """The engine serves as many clients as it can, or another job has the GPU that a preview needs."""


class EngineTimeoutError(EngineError):
    """The engine did not answer in time."""


class ProtocolError(EngineError):
    """A message that the other side does not understand."""


class HostError(RotomatteError):
    """The host application cannot be reached or used, or does not answer."""

    exit_code = 9


class CancelledError(RotomatteError):
    """The user stopped the job; finished frames are kept."""

    exit_code = 130
