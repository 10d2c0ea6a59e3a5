"""Profiles that are put together from masters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import DiscPlate

from rotomatte.job import run_job
from rotomatte.work import Progress
from rotomatte_plugin.errors import ForeignMattesError
from rotomatte_plugin.model import (
    Clip,
    MatteJob,
    MatteObject,
    MatteOutput,
    Plate,
    PointPrompt,
    Profile,
    PromptSet,
    TrackSettings,
)

DELIVERED: dict[Profile, list[str]] = {
    "nuke": [f"{name}/{name}.{frame}.exr" for name in ("disc", "ground") for frame in range(1001, 1007)],
    "layers": [f"layers.{frame}.exr" for frame in range(1001, 1007)],
    "cryptomatte": [f"cryptomatte.{frame}.exr" for frame in range(1001, 1007)],
    "png": [f"{name}/{name}.{frame}.png" for name in ("disc", "ground") for frame in range(1001, 1007)],
    "prores": ["disc.mov", "ground.mov"],
}


def job(folder: Path, profile: Profile) -> MatteJob:
    disc = PromptSet(points=(PointPrompt(1001, 30, 40), PointPrompt(1004, 42, 40)))
    ground = PromptSet(points=(PointPrompt(1001, 150, 80),))
    return MatteJob(
        Clip(Plate(str(folder))),
        (MatteObject("disc", disc), MatteObject("ground", ground)),
        track=TrackSettings(model="disc"),
        output=MatteOutput(profile),
    )


def delivered(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*.*"))
        if path.is_file() and ".masters" not in path.parts and path.name not in {"rotomatte.json", "overlay.mp4"}
    }


def run(asked: MatteJob, out: Path, *, overwrite: bool = False) -> int:
    """How many mattes were tracked."""
    made: list[Progress] = []
    run_job(asked, out, overwrite=overwrite, on_progress=made.append)
    return len(made)


@pytest.mark.parametrize("profile", DELIVERED)
class TestEveryProfile:
    def test_delivers_its_files_and_says_where(self, disc_plate: DiscPlate, tmp_path: Path, profile: Profile) -> None:
        report = run_job(job(disc_plate(count=6), profile), tmp_path / "out")
        assert sorted(delivered(tmp_path / "out")) == sorted(DELIVERED[profile])
        pattern = report.tracks[0].pattern
        named = pattern % 1003 if "%" in pattern else pattern
        assert named in DELIVERED[profile]
        assert not (tmp_path / "out" / ".overlay").exists()

    def test_a_second_run_changes_nothing(self, disc_plate: DiscPlate, tmp_path: Path, profile: Profile) -> None:
        asked, out = job(disc_plate(count=6), profile), tmp_path / "out"
        run(asked, out)
        before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.suffix != ".json"}
        assert run(asked, out) == 0
        after = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.suffix != ".json"}
        assert {path: time for path, time in after.items() if path.is_file()} == {
            path: time for path, time in before.items() if path.is_file()
        }

    def test_a_changed_prompt_changes_its_own_frames(
        self, disc_plate: DiscPlate, tmp_path: Path, profile: Profile
    ) -> None:
        asked, out = job(disc_plate(count=6), profile), tmp_path / "out"
        run(asked, out)
        before = delivered(out)
        points = (PointPrompt(1001, 30, 40), PointPrompt(1004, 42, 40), PointPrompt(1005, 46, 40))
        disc = MatteObject("disc", PromptSet(points=points))
        assert run(replace(asked, objects=(disc, asked.objects[1])), out) == 2
        changed = {name for name, data in delivered(out).items() if before[name] != data}
        if profile == "prores":
            assert changed == {"disc.mov"}
        else:
            frames = {name.split(".")[-2] for name in changed}
            assert frames == {"1005", "1006"}
            assert not any(name.startswith("ground") for name in changed)

    def test_a_file_of_somebody_else_is_refused(self, disc_plate: DiscPlate, tmp_path: Path, profile: Profile) -> None:
        asked, out = job(disc_plate(count=6), profile), tmp_path / "out"
        foreign = out / DELIVERED[profile][0]
        foreign.parent.mkdir(parents=True, exist_ok=True)
        foreign.write_text("a note")
        with pytest.raises(ForeignMattesError, match="not written by Rotomatte"):
            run(asked, out)
        assert foreign.read_text() == "a note"
        run(asked, out, overwrite=True)
        assert foreign.read_bytes() != b"a note"


@pytest.mark.parametrize("profile", [profile for profile in DELIVERED if profile != "nuke"])
def test_what_was_lost_is_put_together_again_without_tracking(
    disc_plate: DiscPlate, tmp_path: Path, profile: Profile
) -> None:
    asked, out = job(disc_plate(count=6), profile), tmp_path / "out"
    run(asked, out)
    before = delivered(out)
    (out / DELIVERED[profile][-1]).unlink()
    assert run(asked, out) == 0
    assert delivered(out) == before


def test_another_profile_of_the_same_names_replaces_the_files(disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder, out = disc_plate(count=6), tmp_path / "out"
    run(job(folder, "universal"), out)
    before = delivered(out)
    assert run(job(folder, "nuke"), out) == 12
    assert all(delivered(out)[name] != data for name, data in before.items())
