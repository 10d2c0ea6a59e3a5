"""`rotomatte install` and `rotomatte uninstall`: a command for each host."""

from __future__ import annotations

import typer

from rotomatte.cli.install_blender import install_blender_command, uninstall_blender_command
from rotomatte.cli.install_nuke import install_nuke_command, uninstall_nuke_command
from rotomatte.cli.install_resolve import install_resolve_command, uninstall_resolve_command

install_app = typer.Typer(help="Put Rotomatte into a host application.", no_args_is_help=True)
install_app.command("blender")(install_blender_command)
install_app.command("nuke")(install_nuke_command)
install_app.command("resolve")(install_resolve_command)

uninstall_app = typer.Typer(help="Take Rotomatte out of a host application again.", no_args_is_help=True)
uninstall_app.command("blender")(uninstall_blender_command)
uninstall_app.command("nuke")(uninstall_nuke_command)
uninstall_app.command("resolve")(uninstall_resolve_command)
