"""An alpha on one frame, rendered to a file that the engine reads as a mask."""

from __future__ import annotations

import nuke

from rotomatte_hosts.nuke import names, nodes
from rotomatte_hosts.nuke.bake import full_size
from rotomatte_hosts.nuke.paths import knob_text
from rotomatte_plugin.errors import JobError, PlateError


def alpha_source(node: nuke.Node) -> nuke.Node:
    """What a Rotomatte node takes an alpha from: its input ``prompts``, or else its plate.

    Raises:
        JobError: neither is connected, or the first has another format than the plate.
    """
    plate = node.input(names.PLATE_INPUT)
    source = node.input(names.PROMPTS_INPUT) or plate
    if source is None or plate is None:
        raise JobError(f"No plate is connected to {node.name()}.", remedy="Connect the plate to its first input.")
    sizes = [(int(item.width()), int(item.height())) for item in (source, plate)]
    if sizes[0] != sizes[1]:
        raise JobError(
            f"{source.name()} is {sizes[0][0]} x {sizes[0][1]}, and the plate is {sizes[1][0]} x {sizes[1][1]}.",
            remedy="Put a Reformat to the plate's format behind it.",
        )
    return source


def render_alpha(source: nuke.Node, path: str, frame: int) -> None:
    """Write a node's alpha on a frame of the script as an EXR file, in full size whatever the proxy mode; no undo step.

    Raises:
        PlateError: Nuke could not render it, or the artist cancelled it.
    """
    with nodes.without_undo(), nodes.beside(source), full_size():
        write = nuke.nodes.Write()
        try:
            write.setInput(0, source)
            write["file"].setValue(knob_text(path))
            write["file_type"].setValue("exr")
            write["channels"].setValue("alpha")
            write["raw"].setValue(True)
            write["create_directories"].setValue(True)
            nuke.execute(write, frame, frame)
        except RuntimeError as error:
            raise PlateError(
                f"Nuke did not render the alpha of {source.name()}: {error}.",
                remedy="View it on that frame; Nuke then shows what is wrong.",
                frame=frame,
                path=path,
            ) from error
        finally:
            nuke.delete(write)
