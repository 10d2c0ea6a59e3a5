from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# ImportError as well: on a machine without a desktop a library of the system's may be missing.
QtCore = pytest.importorskip("PySide6.QtCore", reason="pip install 'rotomatte[panel]'", exc_type=ImportError)
QtWidgets = pytest.importorskip("PySide6.QtWidgets", reason="no display libraries for PySide6", exc_type=ImportError)


_OFFSCREEN = "This plugin does not support"
"""The offscreen platform says so of every window that is shown: there is no window manager to be told of sizes."""


@pytest.fixture(scope="session")
def application() -> object:
    """The one QApplication of the process."""
    return QtWidgets.QApplication.instance() or QtWidgets.QApplication([])


@pytest.fixture(autouse=True)
def qt_says_nothing() -> Iterator[None]:
    """A warning of Qt's is a mistake of ours."""
    said: list[str] = []
    before = QtCore.qInstallMessageHandler(lambda kind, context, text: said.append(f"{kind}: {text}"))
    yield
    QtCore.qInstallMessageHandler(before)
    assert [text for text in said if _OFFSCREEN not in text] == []
