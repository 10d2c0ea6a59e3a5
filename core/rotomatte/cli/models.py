"""`rotomatte models`: which models there are, fetching one, and where it lies."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table
from rich.text import Text

from rotomatte.models.checksum import remembered_sha256
from rotomatte.models.detectors import DETECTORS, detector_folder, missing_detector
from rotomatte.models.download import download
from rotomatte.models.registry import BUNDLED, SPECS, ModelSpec, find_spec
from rotomatte.models.store import bundled_weights, find, resolve_model, user_folder
from rotomatte_plugin.errors import ModelMissingError, UnknownModelError

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
        place = Text(str(detector_folder(detector) or "no"))
        table.add_row(detector.name, "", _megabytes(detector.size_bytes), detector.licence, place)
    Console().print(table)


@app.command("get")
def get_model(name: ModelName) -> None:
    """Fetch a model from its publisher; a broken download goes on where it stopped."""
    console = Console()
    if name == BUNDLED:
        console.print("The bundled model is part of Rotomatte: there is nothing to fetch.")
        return
    spec = _require_spec(name)
    console.print(
        f"{spec.title}, {_megabytes(spec.size_bytes)}, licence {spec.licence}, from {spec.url}", highlight=False
    )
    present = find(spec)
    if present is not None and remembered_sha256(present) == spec.sha256:
        console.print(f"It is here already: {present}", soft_wrap=True, markup=False, highlight=False)
        return
    columns = (TextColumn(spec.file_name), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(spec.file_name, total=spec.size_bytes)
        path = download(spec, user_folder(), lambda done, total: bar.update(task, completed=done, total=total))
    console.print(f"{spec.name} is ready: {path}", soft_wrap=True, markup=False, highlight=False)


@app.command("path")
def show_path(name: ModelName) -> None:
    """Print the path of a model's verified weights, and nothing else."""
    if name != BUNDLED:
        _require_spec(name)
    weights_path = resolve_model(name, None).weights_path
    if weights_path is None:
        raise ModelMissingError(
            "This installation has no weights of the bundled model.",
            remedy="Run `rotomatte models get tiny` and use that model.",
        )
    typer.echo(weights_path)


def _require_spec(name: str) -> ModelSpec:
    spec = find_spec(name)
    if spec is None:
        detector = next((one for one in DETECTORS if one.name == name), None)
        if detector is not None:
            raise missing_detector(detector)
        known = ", ".join((BUNDLED, *(spec.name for spec in SPECS)))
        raise UnknownModelError(f"No model is named {name!r}.", remedy=f"Choose one of {known}.")
    return spec


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.0f} MB"
