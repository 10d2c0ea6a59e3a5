"""The macro's Preview button: one frame's mask for a clip that Lua has read.

    python -I -m rotomatte_hosts.resolve.preview REQUEST

REQUEST is JSON, as ``PreviewRequest``. The answer is a Lua table with a ``sentence`` for the artist and, where there is
a mask, the ``path`` of a PNG.
"""

from __future__ import annotations

import json
import secrets
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from rotomatte_hosts.resolve.facts import ClipFacts, CompFacts
from rotomatte_hosts.resolve.job import direct_clip
from rotomatte_hosts.resolve.job_files import replace_file
from rotomatte_hosts.resolve.mask_png import mask_png
from rotomatte_hosts.resolve.prompts import object_name, objects_of, picture_of
from rotomatte_hosts.resolve.read_clip import ResolveClip
from rotomatte_hosts.resolve.setting_text import setting_text, table
from rotomatte_hosts.resolve.settings import settings_of
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk_orders import PreviewOrder
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.desk_work import DeskWork
from rotomatte_plugin.errors import JobError, ProtocolError
from rotomatte_plugin.model import MatteObject
from rotomatte_plugin.plain import from_plain
from rotomatte_plugin.status import sentences
from rotomatte_plugin.worker import as_rotomatte_error

LIMIT_S = 10.0
"""How long Resolve's window may stand still for it."""

_NAME = "preview_"


@dataclass(frozen=True)
class PreviewRequest:
    """``comp`` is the name of the comp whose button was pressed, ``time`` its time, ``object`` the object's number.

    ``answer`` is the path of the Lua table to write; the PNG comes beside it.
    """

    facts: ClipFacts
    comp: str
    time: float
    object: int
    answer: str


@dataclass(frozen=True)
class Preview:
    """A sentence, and a PNG where there is a mask to show."""

    sentence: str
    png: Optional[bytes] = None


def read_request(path: Path) -> PreviewRequest:
    """The request in a file.

    Raises:
        JobError: it cannot be read, or is no such file.
    """
    try:
        return from_plain(PreviewRequest, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ProtocolError) as error:
        raise JobError(
            f"{path} is no request for a preview: {error}",
            remedy="Run `rotomatte install resolve`, so that the script is as new as the engine.",
            path=str(path),
        ) from error


def make_preview(request: PreviewRequest, client: EngineClient) -> Preview:
    """What the model makes of an object's prompts on the request's frame.

    Raises:
        JobError: that object has no prompts, or the clip under the playhead is another one.
        PlateError: the plate cannot be read as it is, or its size is not known.
        RotomatteError: whatever the engine does.
    """
    found = direct_clip(request.facts)
    comp = _comp(request)
    if comp is None:
        raise JobError(
            "The clip under the playhead has no prompts.", remedy="Put the playhead on the clip of this comp."
        )
    settings = settings_of(request.facts)
    item = _object(found, request.object)
    order = PreviewOrder(
        found.clip,
        DeskSettings(quality=settings.quality, colour_space=settings.colour_space),
        item,
        found.frames.comp_to_frame(comp, request.time),
    )
    work = DeskWork(client, lambda call: call(), lambda: None, lambda _: None, lambda _: None)
    try:
        made, advice = work.preview(order)
    finally:
        work.close()
    picture = picture_of(found)
    png = mask_png(
        made.outline_xy,
        round(picture.width_px),
        round(picture.height_px),
        flips_x=picture.flips_x,
        flips_y=picture.flips_y,
    )
    return Preview(f"{item.name} on this frame. {advice}".strip(), png)


def within_limit(make: Callable[[], Preview], limit_s: float = LIMIT_S) -> Preview:
    """A preview, or a sentence where it cannot be had, or not in time: it is made on, and the next one is quicker."""
    made: list[Preview] = []

    def work() -> None:
        try:
            made.append(make())
        except Exception as error:  # noqa: BLE001 - whatever it was, the button says it
            made.append(Preview(sentences(as_rotomatte_error(error))))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(limit_s)
    return made[0] if made else Preview("The engine is still getting ready: press Preview again in a moment.")


def write_answer(preview: Preview, answer: Path) -> None:
    """The Lua table, with the PNG under a name that Resolve has not loaded yet; earlier ones go."""
    for old in answer.parent.glob(f"{_NAME}*.png"):
        old.unlink(missing_ok=True)
    named = {"sentence": preview.sentence}
    if preview.png is not None:
        path = answer.with_name(f"{_NAME}{secrets.token_hex(4)}_.png")
        path.write_bytes(preview.png)
        named["path"] = str(path)
    replace_file(answer, f"return {setting_text(table('', named))}\n")


def main(arguments: Sequence[str]) -> int:
    """Answer the request in a file; gives the exit code."""
    try:
        request = read_request(Path(arguments[0]))
    except JobError as error:
        print(sentences(error), file=sys.stderr)  # noqa: T201 - a program of its own
        return error.exit_code
    product = request.facts.product
    with EngineClient(f"{product.name} {product.version}") as client:
        write_answer(within_limit(lambda: make_preview(request, client)), Path(request.answer))
    return 0


def _comp(request: PreviewRequest) -> Optional[CompFacts]:
    """The comp whose button was pressed; whether it calls itself as the clip does is not sure, so else one with prompts."""
    comps = request.facts.item.comps
    named = [comp for comp in comps if comp.name == request.comp]
    return next(iter((*named, *(comp for comp in comps if comp.tools))), None)


def _object(found: ResolveClip, number: int) -> MatteObject:
    """The object of that number of the macro.

    Raises:
        JobError: it has no prompts.
    """
    name = object_name(found.facts, number)
    for item in objects_of(found):
        if item.name == name:
            return item
    raise JobError(f"{name} has no prompts.", remedy="Put the cross on it and press Include.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
