"""The probe's own pictures against a real reader and writer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import OpenEXR
import OpenImageIO as oiio
import pytest

from rotomatte_hosts.resolve.probe_pictures import read_png, write_exr
from rotomatte_plugin.errors import FrameUnreadableError


@pytest.mark.parametrize("channels", [{"R": 0.5, "G": 0.25, "B": 1.0, "A": 0.125}, {"Y": 1.0}, {"A": 0.5}])
def test_an_exr_is_read_by_others(tmp_path: Path, channels: dict[str, float]) -> None:
    path = tmp_path / "p.exr"
    write_exr(path, 7, 5, channels)
    with OpenEXR.File(str(path), separate_channels=True) as file:
        found = file.channels()
        assert set(found) == set(channels)
        for name, value in channels.items():
            assert found[name].pixels.shape == (5, 7)
            assert found[name].pixels.dtype == np.float16
            assert np.all(found[name].pixels == value)


@pytest.mark.parametrize(("kind", "channels"), [("uint8", 1), ("uint8", 3), ("uint8", 4), ("uint16", 3)])
def test_a_png_of_others_is_read(tmp_path: Path, kind: str, channels: int) -> None:
    path = tmp_path / "p.png"
    # noise, so that the writer uses every filter
    picture = np.random.default_rng(3).random((31, 23, channels)).cumsum(axis=1) % 1.0
    picture[..., -1] = 1.0 if channels == 4 else picture[..., -1]
    out = oiio.ImageOutput.create(str(path))
    out.open(str(path), oiio.ImageSpec(23, 31, channels, kind))
    out.write_image(picture.astype(np.float32))
    out.close()
    found = read_png(path)
    assert (found.width_px, found.height_px) == (23, 31)
    assert np.asarray(found.values).reshape(31, 23) == pytest.approx(picture[..., 0], abs=1 / 250)


def test_what_is_dark_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    picture = np.full((20, 30, 1), 0.8, np.float32)
    picture[4:9, 10:22] = 0.1
    out = oiio.ImageOutput.create(str(path))
    out.open(str(path), oiio.ImageSpec(30, 20, 1, "uint8"))
    out.write_image(picture)
    out.close()
    assert read_png(path).dark_size_px() == (12, 5)


def test_what_is_no_png_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\nshort")
    with pytest.raises(FrameUnreadableError, match="cannot be read"):
        read_png(path)
