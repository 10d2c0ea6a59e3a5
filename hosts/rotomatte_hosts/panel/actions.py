"""The commands as Qt actions, for menus, buttons and keys alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from rotomatte_hosts.panel.shortcuts import COMMANDS, Command

Actions = Mapping[str, QAction]


def make_actions(window: QWidget, slots: Mapping[str, Callable[[], None]], checkable: frozenset[str]) -> Actions:
    """An action a command, which calls its slot; its keys work in all of the window.

    ``slots`` has one for every command; those in ``checkable`` are on or off.
    """
    made = {item.id: _action(window, item, slots[item.id], can_check=item.id in checkable) for item in COMMANDS}
    window.addActions(list(made.values()))
    return made


def fill_menus(bar: QMenuBar, actions: Actions) -> None:
    """A menu a group."""
    menus: dict[str, QMenu] = {}
    for item in COMMANDS:
        if item.group not in menus:
            menus[item.group] = bar.addMenu(f"&{item.group}")
        menus[item.group].addAction(actions[item.id])


def _action(window: QWidget, item: Command, slot: Callable[[], None], *, can_check: bool) -> QAction:
    action = QAction(item.words, window)
    action.setObjectName(item.id)
    action.setShortcuts([QKeySequence(key, QKeySequence.SequenceFormat.PortableText) for key in item.keys])
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.setCheckable(can_check)
    keys = f" ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})" if item.keys else ""
    action.setToolTip(f"{item.words}{keys}\n{item.tip}".strip())
    action.setStatusTip(item.tip)
    action.triggered.connect(lambda _checked=False: slot())
    return action
