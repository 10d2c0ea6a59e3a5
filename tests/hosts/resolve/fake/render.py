"""The Deliver page: formats, a state that cannot be read, and a queue that goes on when it is asked about."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.hosts.resolve.fake import timecode
from tests.hosts.resolve.fake.remote import Thing

FORMATS = {"AVI": "avi", "Cineon": "cin", "DPX": "dpx", "EXR": "exr", "MP4": "mp4", "QuickTime": "mov", "TIFF": "tif"}
_EXR = ("RGBHalf", "RGBFloat")
_EXR_KINDS = ("", "RLE", "ZIP", "ZIP1", "PIZ", "DWAA", "DWAB")
SEQUENCES = {"exr", "dpx", "tif", "cin"}
KEYS = frozenset(
    {
        "SelectAllFrames", "MarkIn", "MarkOut", "TargetDir", "CustomName", "UniqueFilenameStyle", "ExportVideo",
        "ExportAudio", "FormatWidth", "FormatHeight", "FrameRate", "PixelAspectRatio", "VideoQuality", "AudioCodec",
        "AudioBitDepth", "AudioSampleRate", "ColorSpaceTag", "GammaTag", "ExportAlpha", "EncodingProfile",
        "MultiPassEncode", "AlphaMode", "NetworkOptimization", "ClipStartFrame", "TimelineStartTimecode",
        "ReplaceExistingFilesInPlace", "ExportSubtitle", "SubtitleFormat",
    }
)  # fmt: skip
_SINCE_21_0_4 = frozenset({"UseFullExtents", "AddFrameHandles", "DataBurnIn"})
_PRESETS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "H.264 Master": ("mp4", "H264", {"ExportAudio": True}),
    "ProRes 422 HQ": ("mov", "ProRes422HQ", {"ExportAudio": True}),
    "Audio Only": ("mov", "H264", {"ExportVideo": False, "ExportAudio": True}),
}
_NAMES_IN_21 = {"": "no compression", "ZIP": "ZIP (16 lines)", "ZIP1": "ZIP (1 line)"}
_RAN_INTO_FUSION = 887
"""The size in bytes of the file that a failed Fusion comp leaves behind."""


@dataclass
class Delivery:
    """How the Deliver page is set."""

    format: str = "mov"
    codec: str = "ProRes422HQ"
    mode: int = 1
    settings: dict[str, Any] = field(default_factory=dict)

    def copy(self) -> Delivery:
        return Delivery(self.format, self.codec, self.mode, dict(self.settings))


@dataclass
class Job:
    """A job with all of the Deliver page as it was; ``written`` are the frames whose files exist."""

    uid: str
    delivery: Delivery
    timeline: Any
    first: int
    last: int
    status: str = "Ready"
    percent: int = 0
    error: str = ""
    polls: int = 0
    written: int = 0


class Rendering(Thing):
    """What a project offers to render; the project mixes it in."""

    current_timeline: Any

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.delivery = Delivery()
        self.presets = {
            name: Delivery(kind, codec, 1, {"ExportVideo": True, **settings})
            for name, (kind, codec, settings) in _PRESETS.items()
        }
        self.jobs: list[Job] = []
        self.running: list[Job] = []
        self.rendered: list[tuple[int, list[tuple[Any, int]]]] = []

    # The page's state

    def GetRenderFormats(self) -> dict[str, str]:
        return dict(FORMATS)

    def GetRenderCodecs(self, renderFormat: Any) -> dict[str, str]:
        """Descriptions, which change from version to version, and the ids, which do not."""
        is_new = self.app.version >= (21,)
        if renderFormat == "exr":
            return {
                f"{kind[:3]} {kind[3:].lower()}{f' ({_NAMES_IN_21.get(way, way)})' if is_new else f' {way}'.rstrip()}": (
                    kind + way
                )
                for kind in _EXR
                for way in _EXR_KINDS
            }
        if renderFormat == "mov":
            return {"Apple ProRes 422 HQ": "ProRes422HQ", "H.264": "H264"}
        if renderFormat in {"mp4", "avi"}:
            return {"H.264": "H264"}
        return {"RGB 10 bits": "RGB10", "RGB 16 bits": "RGB16"} if renderFormat in FORMATS.values() else {}

    def GetCurrentRenderFormatAndCodec(self) -> dict[str, str]:
        return {"format": self.delivery.format, "codec": self.delivery.codec}

    def SetCurrentRenderFormatAndCodec(self, format: Any, codec: Any) -> bool:
        if self.running:
            return True
        if codec not in self.GetRenderCodecs(format).values():
            return False
        self.delivery.format, self.delivery.codec = format, codec
        return True

    def GetCurrentRenderMode(self) -> int:
        return self.delivery.mode

    def SetCurrentRenderMode(self, renderMode: Any) -> bool:
        if renderMode not in {0, 1}:
            return False
        self.delivery.mode = int(renderMode)
        return True

    def GetRenderResolutions(self, format: Any = None, codec: Any = None) -> list[dict[str, int]]:
        return [{"Width": 1920, "Height": 1080}, {"Width": 3840, "Height": 2160}]

    def SetRenderSettings(self, settings: Any) -> Any:
        """Merged into what the page has; what it does not know is passed over."""
        if not isinstance(settings, dict):
            return False
        if not self.running:
            known = KEYS | (_SINCE_21_0_4 if self.app.version >= (21, 0, 4) else frozenset())
            self.delivery.settings.update({name: value for name, value in settings.items() if name in known})
        return self.app.success()

    def GetRenderPresetList(self) -> list[str]:
        return list(self.presets)

    def LoadRenderPreset(self, presetName: Any) -> bool:
        if presetName not in self.presets:
            return False
        self.delivery = self.presets[presetName].copy()
        return True

    def SaveAsNewRenderPreset(self, presetName: Any) -> bool:
        if not isinstance(presetName, str) or presetName in self.presets:
            return False
        self.presets[presetName] = self.delivery.copy()
        return True

    def DeleteRenderPreset(self, presetName: Any) -> bool:
        return presetName not in _PRESETS and self.presets.pop(presetName, None) is not None

    # The queue

    def AddRenderJob(self) -> str:
        timeline = self.current_timeline
        if self.running or timeline is None or not self.delivery.settings.get("TargetDir"):
            return ""
        settings = self.delivery.settings
        first, last = timeline.start_frame, timeline.GetEndFrame() - 1
        if not settings.get("SelectAllFrames", False):
            first, last = int(settings.get("MarkIn", first)), int(settings.get("MarkOut", last))
        if last < first:
            return ""
        job = Job(self.app.new_id(), self.delivery.copy(), timeline, first, last)
        self.jobs.append(job)
        return job.uid

    def GetRenderJobList(self) -> list[dict[str, Any]]:
        return [
            {
                "JobId": job.uid,
                "RenderJobName": f"Job {index}",
                "TimelineName": job.timeline.name,
                "TargetDir": job.delivery.settings["TargetDir"],
                "MarkIn": job.first,
                "MarkOut": job.last,
                "OutputFilename": f"{job.delivery.settings.get('CustomName', '')}.{job.delivery.format}",
            }
            for index, job in enumerate(self.jobs, 1)
        ]

    def DeleteRenderJob(self, jobId: Any) -> bool:
        if self.running:
            return True
        kept = [job for job in self.jobs if job.uid != jobId]
        changed = len(kept) < len(self.jobs)
        self.jobs = kept
        return changed

    def DeleteAllRenderJobs(self) -> bool:
        if not self.running:
            self.jobs = []
        return True

    def StartRendering(self, *jobs: Any) -> Any:
        """Job ids, a list of them, or nothing for all; a flag may follow."""
        if self.running:
            return self.app.success()
        asked = [item for item in jobs if not isinstance(item, bool)]
        wanted = asked[0] if asked and isinstance(asked[0], list) else asked
        self.running = [job for job in self.jobs if not wanted or job.uid in wanted]
        if not self.running:
            return False
        for job in self.running:
            job.status, job.percent, job.polls, job.written = "Rendering", 0, 0, 0
        return self.app.success()

    def StopRendering(self) -> None:
        for job in self.running:
            job.status = "Cancelled"
        self.running = []

    def IsRenderingInProgress(self) -> bool:
        self._go_on()
        return bool(self.running)

    def GetRenderJobStatus(self, jobId: Any) -> Any:
        self._go_on()
        job = next((job for job in self.jobs if job.uid == jobId), None)
        if job is None:
            return {}
        status: dict[str, Any] = {"JobStatus": job.status, "CompletionPercentage": job.percent}
        if job.status == "Rendering":
            status["EstimatedTimeRemainingInMs"] = 1000
        if job.status == "Complete":
            status["TimeTakenToRenderInMs"] = 1000
        if job.error:
            status["Error"] = job.error
        return status

    def _go_on(self) -> None:
        """What Resolve rendered since it was asked last."""
        if not self.running:
            return
        job = self.running[0]
        job.polls += 1
        error = self.app.quirks.render_fails or ("Fusion composition failed" if _has_loose_comp(job) else "")
        if error:
            job.status, job.error = "Failed", error
            _path(job, job.first).write_bytes(b"\0" * _RAN_INTO_FUSION)
            self.running.pop(0)
            return
        total, polls = job.last - job.first + 1, self.app.quirks.polls_per_render
        done = min(total, total * job.polls // polls)
        for frame in range(job.first + job.written, job.first + done):
            self.write_frame(str(_path(job, frame)), job.timeline, frame)
        job.written = done
        job.percent = 100 * done // total
        if done == total:
            stays = self.app.quirks.exr_stays_rendering and job.delivery.format in {"exr", "dpx"}
            job.status = "Rendering" if stays else "Complete"
            self.running.pop(0)

    def write_frame(self, path: str, timeline: Any, frame: int) -> None:
        """What is seen at a frame of a timeline, by the test's renderer or as a few bytes."""
        layers = [(item, item.frame_shown(frame)) for item in timeline.visible(frame)]
        self.rendered.append((frame, layers))
        if self.app.renderer is not None:
            self.app.renderer(path, frame, layers)
        else:
            Path(path).write_bytes(f"frame {frame}\n".encode())

    def ExportCurrentFrameAsStill(self, filePath: Any) -> bool:
        timeline = self.current_timeline
        if timeline is None or not isinstance(filePath, str) or not Path(filePath).parent.is_dir():
            return False
        if Path(filePath).suffix.lower() not in {".dpx", ".exr", ".jpg", ".png", ".tif"}:
            return False
        self.write_frame(filePath, timeline, timeline.playhead)
        return True


def _path(job: Job, frame: int) -> Path:
    settings = job.delivery.settings
    folder = Path(settings["TargetDir"])
    folder.mkdir(parents=True, exist_ok=True)
    name = settings.get("CustomName") or job.timeline.name
    if job.delivery.mode == 0:
        name = f"V1-0001_{name}"
    if job.delivery.format not in SEQUENCES:
        return folder / f"{name}.{job.delivery.format}"
    start = timecode.to_frame(settings.get("TimelineStartTimecode"), job.timeline.fps)
    number = frame if start is None else frame - job.timeline.start_frame + start
    return folder / f"{name}.{number:08d}.{job.delivery.format}"


def _has_loose_comp(job: Job) -> bool:
    """Whether some clip that is rendered has a comp whose MediaOut does not descend from its MediaIn."""
    return any(
        item.comps and not item.comp.is_rooted()
        for frame in (job.first, job.last)
        for item in job.timeline.visible(frame)
        if item.item_kind == "clip"
    )
