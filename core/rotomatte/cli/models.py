"""`rotomatte models`: which models there are, fetching one, and where it lies."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table
from rich.text import Text

from rotomatte.models.catalogue import find_published
from rotomatte.models.detectors import DETECTORS, find_detector, resolve_detector
from rotomatte.models.download import download
from rotomatte.models.registry import BUNDLED, SPECS
from rotomatte.models.store import bundled_weights, find, is_published, resolve_model, user_folder
from rotomatte_plugin.errors import ModelMissingError

app = typer.Typer(
    help="List the models, fetch one, or say where it lies. The folders that ROTOMATTE_MODELS names are read first; "
    "what is fetched goes into your own user data.",
    no_args_is_help=True,
)

ModelName = Annotated[str, typer.Argument(metavar="NAME", help="A model's name or alias, as `models list` shows it.")]


@app.command("list")
def list_models() -> None:
    """Show every known model, its licence, and where it lies on this machine."""
    # Places are Text, since a path may hold square brackets, which rich would take for markup.
    table = Table()
    for heading in ("Name", "Alias", "Size", "Licence"):
        table.add_column(heading, no_wrap=True)
    table.add_column("On this machine", overflow="fold")
    bundled = bundled_weights()
    table.add_row(
        BUNDLED,
        "",
        _megabytes(bundled.stat().st_size) if bundled else "",
        "Apache-2.0",
        Text(str(bundled or "no weights in this installation")),
    )
    for spec in SPECS:
        table.add_row(spec.name, spec.alias, _megabytes(spec.size_bytes), spec.licence, Text(str(find(spec) or "no")))
    for detector in DETECTORS:
        place = Text(str(find(detector) or "no"))
        table.add_row(detector.name, "", _megabytes(detector.size_bytes), detector.licence, place)
    Console().print(table)


@app.command("get")
def get_model(name: ModelName) -> None:
    """Fetch a model from its publisher; a broken download goes on where it stopped."""
    console = Console()
    if name == BUNDLED:
        console.print("The bundled model is part of Rotomatte: there is nothing to fetch.")
        return
    item = find_published(name)
    source = item.files[0].url
    console.print(
        f"{item.title}, {_megabytes(item.size_bytes)}, licence {item.licence}, from {source}", highlight=False
    )
    present = find(item)
    if present is not None and is_published(item, present):
        console.print(f"It is here already: {present}", soft_wrap=True, markup=False, highlight=False)
        return
    columns = (TextColumn(item.place), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(item.place, total=item.size_bytes)
        path = download(item, user_folder(), lambda done, total: bar.update(task, completed=done, total=total))
    console.print(f"{item.name} is ready: {path}", soft_wrap=True, markup=False, highlight=False)


@app.command("path")
def show_path(name: ModelName) -> None:
    """Print the path of a model's verified weights, or of a detector's folder, and nothing else."""
    if find_detector(name) is not None:
        typer.echo(resolve_detector(name)[0])
        return
    if name != BUNDLED:
        find_published(name)
    weights_path = resolve_model(name, None).weights_path
    if weights_path is None:
        raise ModelMissingError(
            "This installation has no weights of the bundled model.",
            remedy="Run `rotomatte models get tiny` and use that model.",
        )
    typer.echo(weights_path)


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.0f} MB"
