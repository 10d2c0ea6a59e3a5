from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import DiscPlate

from rotomatte.cli.panel import _read
from rotomatte_plugin.errors import PlateError


@pytest.mark.parametrize(("pattern", "name"), [("second.%04d.png", "second"), ("second.####.png", "second")])
def test_a_plate_is_called_as_its_files(disc_plate: DiscPlate, pattern: str, name: str) -> None:
    (session,) = _read(str(disc_plate("second") / pattern))
    assert session.document.clip.clip.name == name
    (of_folder,) = _read(str(disc_plate("board")))
    assert of_folder.document.clip.clip.name == "board"


def test_what_is_no_plate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlateError):
        _read(str(tmp_path / "none.exr"))
