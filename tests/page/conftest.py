"""An edit that several tests read, and none changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.page.made_edit import MadeEdit, make_edit

from rotomatte.page.write_page import write_page


@pytest.fixture(scope="session")
def edit(tmp_path_factory: pytest.TempPathFactory) -> MadeEdit:
    return make_edit(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="session")
def page(edit: MadeEdit) -> Path:
    """The edit's page as it lies on the disk."""
    return write_page(edit.out)
