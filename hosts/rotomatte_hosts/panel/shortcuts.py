"""Everything that can be done in the panel, with its words and keys: menus, buttons and the help page go by this table.

Keys are those of the trade where there is a custom: Resolve and Nuke for the transport, Ctrl with T, E and S as in
other roto tools.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["File", "Edit", "Object", "Prompt", "Playhead", "Track", "Find", "View", "Help"]


@dataclass(frozen=True)
class Command:
    """``id`` is its name in code, ``keys`` are Qt's portable names, the first of them the one that is shown."""

    id: str
    group: Group
    words: str
    keys: tuple[str, ...] = ()
    tip: str = ""


COMMANDS: tuple[Command, ...] = (
    Command("open", "File", "Open …", ("Ctrl+O",), "A plate, a job, a session or an edit."),
    Command("save", "File", "Save session", ("Ctrl+S",), "Clip, objects, prompts and settings, in one file."),
    Command("save_as", "File", "Save session as …", ("Ctrl+Shift+S",)),
    Command("write", "File", "Write mattes", ("Ctrl+E",), "Write the mattes of all objects as EXR."),
    Command("quit", "File", "Quit", ("Ctrl+Q",)),
    Command("undo", "Edit", "Undo", ("Ctrl+Z",)),
    Command("redo", "Edit", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
    Command("copy_prompts", "Edit", "Copy this frame's prompts", ("Ctrl+C",)),
    Command("paste_prompts", "Edit", "Paste prompts on this frame", ("Ctrl+V",)),
    Command("add_object", "Object", "New object", ("Ctrl+N",), "Something else to cut out."),
    Command("remove_object", "Object", "Remove object", ("Ctrl+Backspace",), "With all its prompts."),
    Command("rename_object", "Object", "Rename object", ("Return",)),
    Command("lock_object", "Object", "Lock object", ("L",), "Its prompts cannot be changed."),
    Command("hide_object", "Object", "Hide object", ("H",)),
    Command("solo_object", "Object", "Show this object only", ("S",)),
    *(Command(f"object_{n}", "Object", f"Object {n}", (str(n % 10),)) for n in range(1, 11)),
    Command("point_tool", "Prompt", "Clicks and boxes", ("P",), "Left includes, right excludes, drag draws a box."),
    Command("scribble_tool", "Prompt", "Scribble", ("B",), "Left includes, right excludes."),
    Command("import_mask", "Prompt", "Matte as a prompt …", ("Ctrl+I",), "A matte from elsewhere, for this frame."),
    Command("remove_prompt", "Prompt", "Remove the selected prompt", ("Del", "Backspace")),
    Command("previous_prompt", "Prompt", "Previous prompt", ("PgUp",), "The frame before this one that has prompts."),
    Command("next_prompt", "Prompt", "Next prompt", ("PgDown",), "The frame after this one that has prompts."),
    Command("play", "Playhead", "Play or stop", ("Space",)),
    Command("step_back", "Playhead", "One frame back", (",", "Left")),
    Command("step_forward", "Playhead", "One frame forward", (".", "Right")),
    Command("first_frame", "Playhead", "First frame", ("Home",)),
    Command("last_frame", "Playhead", "Last frame", ("End",)),
    Command("set_in", "Playhead", "In point here", ("I",), "Frames before it are neither tracked nor written."),
    Command("set_out", "Playhead", "Out point here", ("O",), "Frames after it are neither tracked nor written."),
    Command("clear_in_out", "Playhead", "Whole clip", ("Alt+X",), "No in and no out point."),
    Command("track_back", "Track", "Track back", ("Ctrl+Left",), "All objects, to the first frame."),
    Command("track_one_back", "Track", "Track one frame back", ("Alt+Left",)),
    Command("track_both", "Track", "Track", ("Ctrl+T",), "All objects, both ways: only what has changed."),
    Command("track_one_forward", "Track", "Track one frame forward", ("Alt+Right",)),
    Command("track_forward", "Track", "Track forward", ("Ctrl+Right",), "All objects, to the last frame."),
    Command("stop", "Track", "Stop", ("Esc",), "After the current frame; what is finished is kept."),
    Command("next_problem", "Track", "Next problem", ("N",), "The next frame on which a prompt would help."),
    Command("find_everything", "Find", "Find everything", ("Ctrl+F",), "What may be objects on this frame."),
    Command("find_words", "Find", "Find by words", ("Ctrl+Shift+F",), "What words name, such as red car."),
    Command("take_finds", "Find", "Make objects of ticked finds", ("Ctrl+Return",), "With their mattes or boxes."),
    Command("best_frame", "Find", "Find the best frames", ("Ctrl+B",), "On which prompts of this object are worth most."),
    Command("next_best", "Find", "Next best frame", ("Shift+N",), "The playhead goes to it, the best one first."),
    Command("look_overlay", "View", "Overlay", ("F2",), "The plate with mattes in the objects' colours."),
    Command("look_outline", "View", "Outline", ("F3",), "The plate with the mattes' borders."),
    Command("look_matte", "View", "Matte", ("F4",)),
    Command("look_black", "View", "Over black", ("F5",)),
    Command("look_checker", "View", "Over a checker board", ("F6",)),
    Command("look_colour", "View", "Over a colour", ("F7",)),
    Command("look_plate", "View", "Plate", ("F8",), "Nothing over it."),
    Command("wipe", "View", "Wipe against the plate", ("W",)),
    Command("before_after", "View", "Without clean-up", ("Shift+R",), "The matte as it was before it was refined."),
    Command("model_view", "View", "What the model sees", ("M",), "Instead of the plate through the show's view."),
    Command("zoom_fit", "View", "Fit", ("F",)),
    Command("zoom_one", "View", "Pixel by pixel", ("Ctrl+1",)),
    Command("zoom_in", "View", "Closer", ("+", "=")),
    Command("zoom_out", "View", "Farther", ("-",)),
    Command("brighter", "View", "Brighter", ("]",), "Half a stop, for the eye only."),
    Command("darker", "View", "Darker", ("[",), "Half a stop, for the eye only."),
    Command("exposure_reset", "View", "Exposure as it is", ("\\",)),
    Command("free_memory", "Track", "Free memory", (), "What the engine keeps warm and can make again."),
    Command("models", "Help", "Models …", (), "Which there are, how large they are, and under which licence."),
    Command("shortcuts", "Help", "Keys", ("?", "F1")),
)  # fmt: skip
"""Every command once, in the order of the menus."""


def command(command_id: str) -> Command:
    """The command of that id; a KeyError is a mistake of ours."""
    return _BY_ID[command_id]


_BY_ID = {item.id: item for item in COMMANDS}
