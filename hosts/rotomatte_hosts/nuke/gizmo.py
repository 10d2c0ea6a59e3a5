"""The Rotomatte node as script text: the gizmo that is shipped, and a tab for each further object.

It is a Group with knobs and not a gizmo in Nuke's sense, so that a script that has one opens where Rotomatte is not
installed, such as on a farm; only its buttons then do nothing.
"""

from __future__ import annotations

from rotomatte_hosts.nuke import names, nk_text
from rotomatte_hosts.nuke.names import ObjectKnobs
from rotomatte_hosts.nuke.nk_text import number, setting, user_knob, word

CLASS = "Rotomatte"
"""The name by which ``nuke.createNode`` finds the gizmo's file."""

_QUALITIES = ("draft", "good", "best")


def gizmo_text() -> str:
    """The text of ``Rotomatte.gizmo``: the node with its first object."""
    head = f"#! Rotomatte\nversion {nk_text.SCRIPT_VERSION}\n"
    return head + nk_text.group([*_node_lines(), *object_lines(1), *_find_lines(), *_folder_lines()], _inside())


def object_text(count: int) -> str:
    """What ``Node.readKnobs`` takes to give a node an object more, the ``count``-th."""
    return "\n".join(object_lines(count)) + "\n"


def object_lines(count: int) -> list[str]:
    """The knobs of an object, the ``count``-th from 1, on a tab of its own."""
    knobs = ObjectKnobs(count)
    name = f"object{count}"
    lines = [
        user_knob(nk_text.TAB, knobs.tab, f"object {count}"),
        user_knob(nk_text.STRING, knobs.named("name"), "name", tip="Names files and layers: letters, digits and _."),
        setting(knobs.named("name"), word(name)),
        _tick(knobs.named("enabled"), "enabled", is_on=True, same_line=True),
        _button(knobs, "preview", "preview on this frame", "What the model makes of the prompts on this frame."),
        _button(knobs, "include", "include at viewer sample", "Ctrl-click the object in the viewer first."),
        _button(knobs, "exclude", "exclude at viewer sample", "Ctrl-click what it is not first.", same_line=True),
        _button(knobs, "box", "box from viewer sample", "Ctrl-shift-drag around the object first.", same_line=True),
    ]
    for knob, include in knobs.points():
        label = f"{'include' if include else 'exclude'} {knob.rsplit('clude', 1)[1]}"
        lines += [
            user_knob(nk_text.POSITION, knob, label, tip="A key is a prompt on its frame."),
            _tick(names.switch_of(knob), "", is_on=False, same_line=True),
        ]
    box = knobs.named("box")
    lines += [
        user_knob(nk_text.BOX, box, "box", tip="A key is a prompt on its frame."),
        _tick(names.switch_of(box), "", is_on=False, same_line=True),
        _source(knobs, "roto", "Roto shapes", "A Roto node; the frames with keys are prompts."),
        _button(knobs, "use_roto", "use connected Roto", "The Roto node on the input 'prompts'.", same_line=True),
        _source(knobs, "tracker", "Tracker", "A Tracker node; each track is a point."),
        _button(knobs, "use_tracker", "use connected Tracker", "The Tracker on the input 'prompts'.", same_line=True),
        _source(knobs, "masks", "masks", "Pairs of a frame and a file, such as 1001:/mattes/car.1001.exr."),
        _button(
            knobs,
            "use_alpha",
            "use alpha on this frame",
            "The alpha of the input 'prompts', or else of the plate.",
            same_line=True,
        ),
    ]
    for knob, label, low, high, tip in (
        ("grow_px", "grow", -20, 20, "Moves the edge outward, or inward below 0."),
        ("feather_px", "feather", 0, 50, "Softens the edge over so many pixels."),
        ("fill_holes_px", "fill holes", 0, 2000, "Holes of at most so many pixels go."),
        ("remove_specks_px", "remove specks", 0, 2000, "Separate parts of at most so many pixels go."),
    ):
        lines.append(user_knob(nk_text.NUMBER, knobs.named(knob), label, tip=tip, limits=(low, high)))
    lines.append(
        user_knob(
            nk_text.INTEGER, knobs.named("smooth_frames"), "smooth", tip="Averages over 0 to 12 frames each side."
        )
    )
    lines.append(
        _source(
            knobs, "panel", "from the panel", "What was made in the panel and has no knob here; empty it to drop it."
        )
    )
    return lines


def _node_lines() -> list[str]:
    return [
        setting("name", f"{CLASS}1"),
        setting("tile_color", "0x4c7a5aff"),
        user_knob(nk_text.TAB, "rotomatte", "Rotomatte"),
        user_knob(nk_text.STRING, names.NODE_ID, "", is_hidden=True),
        user_knob(nk_text.CHOICE, names.QUALITY, choices=_QUALITIES, tip="How good and how quick."),
        setting(names.QUALITY, "good"),
        user_knob(
            nk_text.STRING,
            names.COLOUR_SPACE,
            "colour space",
            tip="Of the plate, where Nuke does not know it; empty otherwise.",
        ),
        user_knob(
            nk_text.INTEGER, names.REFERENCE_FRAME, "reference frame", tip="Where points without keys are prompts."
        ),
        setting(names.REFERENCE_FRAME, "1"),
        _press("track_backward", "< track", "buttons.track('backward')", "From this frame to the first."),
        _press("track_both", "track all", "buttons.track('both')", "The whole clip.", same_line=True),
        _press("track_forward", "track >", "buttons.track('forward')", "From this frame to the last.", same_line=True),
        _press("stop", "stop", "buttons.stop()", "Finished frames are kept.", same_line=True),
        user_knob(nk_text.TEXT, names.STATUS, "status", content=" "),
        user_knob(nk_text.TEXT, names.PROBLEMS, "problems", content=" "),
        _press("next_problem", "go to next problem", "buttons.next_problem()", "After this frame."),
        _press(
            "open_panel", "Open in the panel", "buttons.open_panel()", "A window beside Nuke to prompt and track in."
        ),
        user_knob(nk_text.TEXT, names.PANEL_STATUS, "panel", content=" "),
        _tick(names.SHOW_OUTLINE, "show outline", is_on=True),
        user_knob(
            nk_text.NUMBER,
            names.BAND,
            "edge band",
            tip="How far from the model's edge the plate's is looked for, in pixels.",
            limits=(1, 256),
        ),
        setting(names.BAND, "12"),
        _tick(names.EXCLUSIVE, "objects exclude each other", is_on=False),
        _press("add_object", "add object", "buttons.add_object()", "On a tab of its own."),
    ]


def _find_lines() -> list[str]:
    return [
        user_knob(nk_text.TAB, "find", "find"),
        _press("find_everything", "find everything", "buttons.find_everything()", "On this frame."),
        user_knob(nk_text.STRING, names.FIND_WORDS, "words", tip="What to look for, such as red car."),
        _press("find_words", "find by words", "buttons.find_words(spread=False)", "On this frame."),
        _press(
            "find_words_over_range",
            "find by words over the range",
            "buttons.find_words(spread=True)",
            "On this frame and some others over the whole clip; tells the best of them, too.",
            same_line=True,
        ),
        _press("find_stop", "stop", "buttons.stop()", "What was found before stays.", same_line=True),
        user_knob(nk_text.TEXT, names.FIND_STATUS, "status", content=" "),
        user_knob(nk_text.LINES, names.FINDS, "found", tip="Each find's number, name and score, from 0 to 1."),
        _tick(names.SHOW_FINDS, "show finds", is_on=True),
        user_knob(nk_text.STRING, names.TAKE, "take", tip="Numbers of finds on this frame, such as 1,3."),
        _press(
            "take", "take as objects", "buttons.take()", "Each becomes an object on a tab of its own.", same_line=True
        ),
        user_knob(nk_text.INTEGER, names.BEST_OF, "object", tip="The number on the object's tab."),
        setting(names.BEST_OF, "1"),
        _press("best_frame", "find its best frames", "buttons.best_frame()", "Where prompts for it are worth most."),
        user_knob(nk_text.TEXT, names.BEST_FRAMES, "best frames", content=" "),
        _press("next_best", "go to next best frame", "buttons.next_best()", "The best one first."),
    ]


def _folder_lines() -> list[str]:
    return [
        user_knob(nk_text.TAB, "mattes", "mattes"),
        user_knob(
            nk_text.FILE,
            names.FOLDER,
            "folder",
            tip="Fields: {script_folder}, {script} without its version, {version} of the script, {node}.",
        ),
        setting(names.FOLDER, word("{script_folder}/mattes/{script}/{version}/{node}")),
        user_knob(nk_text.CHOICE, names.BRING_BACK, "bring back as", choices=names.WAYS_BACK),
        setting(names.BRING_BACK, word(names.READ_AND_COPY)),
        _press("write", "write mattes", "buttons.write()", "Writes them all and brings them back here."),
        _press("free_memory", "free memory", "buttons.free_memory()", "Of the engine; it is made anew when needed."),
    ]


def _inside() -> list[str]:
    inputs = ((1, "prompts", 200), (0, "plate", 0))
    return [
        *(
            nk_text.node(
                "Input",
                [setting("inputs", "0"), setting("name", name), *_place(x, 0)]
                + ([setting("number", number(index))] if index else []),
                indent=1,
            )
            for index, name, x in inputs
        ),
        _drawing(names.OUTLINE_NODE, names.SHOW_OUTLINE, 60),
        _drawing(names.FINDS_NODE, names.SHOW_FINDS, 120),
        nk_text.node("Output", [setting("name", "Output1"), *_place(0, 180)], indent=1),
    ]


def _drawing(name: str, switch: str, y: int) -> str:
    """A RotoPaint node that draws over the plate while a tick of the node's is on, and never in renders."""
    disabled = f'{{{{"!\\$gui || !parent.{switch}"}}}}'
    return nk_text.node("RotoPaint", [setting("name", name), setting("disable", disabled), *_place(0, y)], indent=1)


def _place(x: int, y: int) -> list[str]:
    return [setting("xpos", number(x)), setting("ypos", number(y))]


def _tick(name: str, label: str, *, is_on: bool, same_line: bool = False) -> str:
    line = user_knob(nk_text.TICK, name, label, same_line=same_line)
    return f"{line}\n{setting(name, 'true')}" if is_on else line


def _source(knobs: ObjectKnobs, knob: str, label: str, tip: str) -> str:
    return user_knob(nk_text.STRING, knobs.named(knob), label, tip=tip)


def _press(name: str, label: str, call: str, tip: str, *, same_line: bool = False) -> str:
    script = f"from rotomatte_hosts.nuke import buttons\n{call}"
    return user_knob(nk_text.BUTTON, f"press_{name}", label, tip=tip, content=script, same_line=same_line)


def _button(knobs: ObjectKnobs, name: str, label: str, tip: str, *, same_line: bool = False) -> str:
    return _press(f"{knobs.tab}_{name}", label, f"buttons.{name}({knobs.number})", tip, same_line=same_line)
