"""The `rotomatte` command."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from rotomatte import __version__
from rotomatte.cli import models
from rotomatte.cli.demo import demo_command
from rotomatte.cli.doctor import doctor_command
from rotomatte.cli.engine import engine_command
from rotomatte.cli.evaluate import evaluate_command
from rotomatte.cli.everything import everything_command
from rotomatte.cli.find import find_command
from rotomatte.cli.install import install_app, uninstall_app
from rotomatte.cli.matte import matte_command, run_command
from rotomatte.cli.panel import panel_command
from rotomatte.cli.report import report_command
from rotomatte.cli.resolve import resolve_app
from rotomatte.cli.running import console
from rotomatte.cli.serve_jobs import serve_jobs_command
from rotomatte.cli.shapes import shapes_command
from rotomatte.cli.suggest import suggest_command
from rotomatte.cli.timeline import timeline_command
from rotomatte.cli.view import view_command
from rotomatte_plugin.errors import RotomatteError

app = typer.Typer(
    name="rotomatte",
    help="A plate and prompts in, soft EXR mattes out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("matte")(matte_command)
app.command("run")(run_command)
app.command("timeline")(timeline_command)
app.command("report")(report_command)
app.command("eval")(evaluate_command)
app.command("view")(view_command)
app.command("everything")(everything_command)
app.command("find")(find_command)
app.command("suggest")(suggest_command)
app.command("shapes")(shapes_command)
app.add_typer(models.app, name="models")
app.command("serve-jobs")(serve_jobs_command)
app.command("demo")(demo_command)
app.command("doctor")(doctor_command)
app.command("engine")(engine_command)
app.command("panel")(panel_command)
app.add_typer(resolve_app, name="resolve")
app.add_typer(install_app, name="install")
app.add_typer(uninstall_app, name="uninstall")


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"rotomatte {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Cut objects out of a plate with SAM 2."""


def main() -> None:
    """Run the command line; a user's mistake is one sentence on stderr and an exit code (see ``errors``)."""
    try:
        app()
    except RotomatteError as error:
        console.print(
            f"Error: {error.message} {error.remedy}", style="red", highlight=False, markup=False, soft_wrap=True
        )
        sys.exit(error.exit_code)
