"""The one desk of a Blender session, made when it is first needed, and what it makes editors show."""

from __future__ import annotations

from typing import Optional

from rotomatte_hosts.blender import clips, compat, find_list, rest, store
from rotomatte_hosts.blender.adapter import BlenderHost, redraw
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk import Desk, DeskSettings
from rotomatte_plugin.desk_view import DeskView
from rotomatte_plugin.messages import Finds, Outline
from rotomatte_plugin.model import MatteOutput

_WATCH_S = 0.2


class Session:
    """A host, the engine's client and the desk between them; ``seen`` is what editors show of the desk's view."""

    def __init__(self) -> None:
        self.host = BlenderHost()
        info = self.host.info()
        self._client = EngineClient(f"{info.name} {info.version}")
        self.desk = Desk(self.host, self._client)
        rest.watch(self.desk)
        self.seen = DeskView()
        self._is_watching = False
        self._is_beside = False

    def close(self) -> None:
        """Leave the engine."""
        self.desk.close()
        self._client.close()

    def watch(self) -> None:
        """Draw the panels anew whenever something has changed, until nothing is under way."""
        redraw()
        if not self._is_watching:
            self._is_watching = True
            self.host.start_timer(_WATCH_S, self._look)

    def _look(self) -> bool:
        view = self.desk.view
        if view != self.seen:
            former, self.seen = self.seen, view
            if view.finds != former.finds:
                find_list.fill(view.finds)
            redraw()
        # What goes on beside a job shows in no phase, and what came of it is told only after its thread has ended.
        was_beside, self._is_beside = self._is_beside, not self.desk.is_at_rest
        self._is_watching = view.phase != "idle" or self._is_beside or was_beside
        return self._is_watching


class _Held:
    session: Optional[Session] = None


def current() -> Optional[Session]:
    """The session, None where nothing has been asked of the engine yet: a panel that is drawn asks nothing."""
    return _Held.session


def desk_for(scene: BpyThing) -> Desk:
    """The desk with the scene's settings, made where there is none; its view is watched from now on."""
    if _Held.session is None:
        _Held.session = Session()
    _Held.session.desk.settings = settings_of(scene.rotomatte)
    _Held.session.watch()
    return _Held.session.desk


def scene_of(context: BpyThing) -> BpyThing:
    """The scene whose settings count: that of the clip that is shown, or else the sequencer's."""
    found = clips.shown(context)
    return compat.sequencer_scene(context) if found is None else found.scene


def close() -> None:
    """Leave the engine; the next thing that is asked for makes another session."""
    session, _Held.session = _Held.session, None
    if session is not None:
        session.close()


def settings_of(stored: BpyThing) -> DeskSettings:
    """What the artist has set in a scene."""
    return DeskSettings(
        quality=stored.quality,
        colour_space=stored.colour_space.strip() or None,
        output=MatteOutput(stored.profile),
    )


def preview(found: BlenderClip, name: str) -> None:
    """Show what an object whose prompts have changed is on the current frame, where it has any there.

    What was tracked of it before holds no more.
    """
    host_id, frame = found.clip.clip.host_id, found.frames.to_clip(found.scene.frame_current)
    items = [item for item in store.objects_of(found.scene, host_id) if item.name == name]
    is_prompted = any(item.prompts.at(frame) for item in items)
    if is_prompted:
        desk_for(found.scene).preview(name)
    elif _Held.session is not None:
        _Held.session.desk.drop_preview(name)
    forget_outlines(found, name, but=frame if is_prompted else None)
    redraw()


def preview_active(found: BlenderClip) -> None:
    """As ``preview``, for the object that new prompts go to; nothing where there is none."""
    item = store.active_object(found.scene, found.clip.clip.host_id)
    if item is not None:
        preview(found, item.name)


def forget_outlines(found: BlenderClip, name: str, but: Optional[int] = None) -> None:
    """Draw an object's outline no more, other than on frame ``but``."""
    if _Held.session is not None:
        drawings, host_id = _Held.session.host.drawings, found.clip.clip.host_id
        for drawn, frame in tuple(drawings.outlines(host_id)):
            if drawn == name and frame != but:
                drawings.show_outline(host_id, name, frame, ())


def outline(found: BlenderClip, name: str, frame: int) -> Outline:
    """What is to be drawn of an object on a frame; empty where nothing is."""
    host_id, held = found.clip.clip.host_id, _Held.session
    return () if held is None else held.host.drawings.outline(host_id, name, frame) or ()


def finds_of(found: BlenderClip) -> Finds:
    """What the latest search found in a clip; nothing where it was about another one."""
    clip = None if _Held.session is None else _Held.session.seen.clip
    if _Held.session is None or clip is None or clip.clip.host_id != found.clip.clip.host_id:
        return Finds()
    return _Held.session.seen.finds
