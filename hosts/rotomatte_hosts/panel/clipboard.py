"""Prompts of a frame on the system's clipboard, as text: onto another frame, object, or into a file."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from PySide6.QtGui import QGuiApplication

from rotomatte_hosts.panel.document import PanelDocument, Prompt, prompts_of, with_object, with_prompts
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_plugin.errors import JobError, ProtocolError
from rotomatte_plugin.model import MatteObject, PromptSet
from rotomatte_plugin.plain import from_plain


def copy_prompts(model: PanelModel) -> None:
    """Copy what the active object has on this frame; nothing where it has nothing."""
    document = model.document
    if document.active is None:
        return
    prompts = document.object(document.active).item.prompts.at(model.frame)
    if prompts:
        QGuiApplication.clipboard().setText(json.dumps(asdict(prompts)))
        model.said.emit(f"The prompts of {document.active} on frame {model.frame} are on the clipboard.")


def paste_prompts(model: PanelModel) -> None:
    """Give the active object on this frame what is on the clipboard."""
    text = QGuiApplication.clipboard().text()
    model.edit("Paste prompts", lambda document: pasted(document, text, model.frame))


def pasted(document: PanelDocument, text: str, frame: int) -> PanelDocument:
    """With the prompts of a text added for the active object on a frame.

    Raises:
        JobError: the text holds none, or the object is locked.
    """
    try:
        prompts = from_plain(PromptSet, json.loads(text))
    except (ValueError, ProtocolError) as error:
        raise JobError(
            "The clipboard holds no prompts.", remedy="Copy some first, on a frame that has them."
        ) from error
    if document.active is None:
        document = with_object(document)
    return with_prompts(document, (_on(prompt, frame) for prompt in prompts_of(MatteObject("pasted", prompts))))


def _on(prompt: Prompt, frame: int) -> Prompt:
    return replace(prompt, frame=frame)
