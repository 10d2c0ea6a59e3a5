"""`rotomatte demo`: the main job on a plate that the project renders itself, and how good the result is."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from rotomatte.cli.running import console, run_in_terminal
from rotomatte.colour.view import open_view
from rotomatte.demo.picture import write_picture
from rotomatte.demo.plate import DemoPlate, render_demo
from rotomatte.mattes.exr import read_matte
from rotomatte.metrics.evaluate import evaluate
from rotomatte.models.registry import BUNDLED
from rotomatte.plate.open import open_plate
from rotomatte_plugin.model import Clip, JobReport, MatteJob, MatteObject, Plate, RefineSettings, TrackSettings

PICTURE_NAME = "demo.png"


def demo_command(
    out: Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="Folder of the demo.")] = Path(
        "rotomatte-demo"
    ),
    model: Annotated[str, typer.Option(metavar="NAME", help="A model's name.")] = BUNDLED,
) -> None:
    """Render a plate, cut its object out, and measure the matte against the exact one."""
    console.print(f"Rendering a plate and its exact matte in {out} …", highlight=False, markup=False)
    demo = render_demo(out)
    job = MatteJob(
        clip=Clip(Plate(str(Path(demo.plate).absolute()))),
        objects=(MatteObject(demo.object, demo.prompts),),
        track=TrackSettings(model=model),
        # As quality "good" has it: what most work would be done with.
        refine=RefineSettings(edges="guided"),
    )
    report = run_in_terminal(job, out / "mattes", overwrite=False)
    _draw(demo, report, out)
    measured = evaluate(str(out / "mattes" / demo.object), str(out / "truth" / demo.object)).mean
    typer.echo(
        f"J {measured.j:.3f}  F {measured.f:.3f}  on {len(demo.frames)} frames with {report.model.name}; "
        f"look at {out / PICTURE_NAME} and {out / 'mattes' / 'overlay.mp4'}"
    )


def _draw(demo: DemoPlate, report: JobReport, out: Path) -> None:
    with closing(open_plate(report.job.clip.plate)) as reader:
        view = open_view(reader.info, report.job.colour)
        middle = (demo.frames.first + demo.frames.last) // 2
        rows = [
            (
                view.see_full(reader.read(frame)),
                read_matte(out / "mattes" / (report.tracks[0].pattern % frame), reader.info),
            )
            for frame in (demo.frames.first, middle, demo.frames.last)
        ]
    write_picture(out / PICTURE_NAME, demo.object, rows)
