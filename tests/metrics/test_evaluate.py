from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import OpenImageIO
import pytest
import typer
from typer.testing import CliRunner

from rotomatte.cli.evaluate import evaluate_command
from rotomatte.metrics.evaluate import evaluate
from rotomatte.plate.base import FloatArray
from rotomatte_plugin.errors import FrameSizeError, FrameUnreadableError, JobError, PlateNotFoundError, RotomatteError

DAVIS = Path(__file__).parents[3] / "shared" / "media" / "davis10" / "Annotations"


def square(left: int, alpha: float = 1.0) -> FloatArray:
    matte_hw = np.zeros((40, 60), np.float32)
    matte_hw[10:20, left : left + 10] = alpha
    return matte_hw


def write_png(path: Path, matte_hw: FloatArray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), np.round(matte_hw * 255).astype(np.uint8))


def write_exr(path: Path, channels: dict[str, FloatArray], *, x: int = 0, y: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    height, width = next(iter(channels.values())).shape
    spec = OpenImageIO.ImageSpec(width, height, len(channels), OpenImageIO.HALF)
    spec.channelnames = tuple(channels)
    spec.x, spec.y, spec.full_width, spec.full_height = x, y, 60, 40
    output = OpenImageIO.ImageOutput.create(str(path))
    assert output is not None
    assert output.open(str(path), spec)
    assert output.write_image(np.dstack(list(channels.values())))
    output.close()


def write_sequence(folder: Path, mattes: dict[int, FloatArray]) -> str:
    for frame, matte_hw in mattes.items():
        write_png(folder / f"{folder.name}.{frame:04d}.png", matte_hw)
    return str(folder)


def test_frames_are_matched_by_number_and_the_rest_is_reported(tmp_path: Path) -> None:
    mattes = write_sequence(tmp_path / "mattes", {frame: square(5) for frame in (1001, 1002, 1003)})
    truth = write_sequence(tmp_path / "truth", {1002: square(5), 1003: square(10), 1004: square(5), 1005: square(5)})
    evaluation = evaluate(mattes, truth)
    (only,) = evaluation.objects
    assert [item.frame for item in only.frames] == [1002, 1003]
    assert [item.measures.j for item in only.frames] == [1, pytest.approx(50 / 150)]
    assert only.mean.j == pytest.approx((1 + 1 / 3) / 2)
    assert only.mean.j_and_f == pytest.approx((only.mean.j + only.mean.f) / 2)
    assert only.mattes_missing == (1004, 1005)
    assert only.truth_missing == (1001,)
    assert evaluation.mean == only.mean
    assert only.mean.mad is None
    assert only.frames[1].measures.dtssd is None


def test_soft_truth_adds_errors_in_alpha_units(tmp_path: Path) -> None:
    mattes = write_sequence(tmp_path / "mattes", {1: square(5), 2: square(5), 4: square(5)})
    truth = write_sequence(tmp_path / "truth", {1: square(5), 2: square(5, alpha=0.6), 4: square(5)})
    frames = evaluate(mattes, truth).objects[0].frames
    assert [item.measures.mad for item in frames] == [0, pytest.approx(0.4 * 100 / 2400), 0]
    assert frames[1].measures.mse == pytest.approx(0.16 * 100 / 2400)
    assert frames[0].measures.dtssd is None
    assert frames[1].measures.dtssd == pytest.approx((0.16 * 100 / 2400) ** 0.5)
    # frame 3 is on neither side, so nothing is known of the change to frame 4
    assert frames[2].measures.dtssd is None


def test_an_output_folder_is_measured_object_by_object(tmp_path: Path) -> None:
    for name in ("cup", "hand", "extra"):
        write_sequence(tmp_path / "out" / name, {1: square(5)})
    (tmp_path / "out" / "rotomatte.json").write_text("{}")
    write_sequence(tmp_path / "truth" / "cup", {1: square(5)})
    write_sequence(tmp_path / "truth" / "hand", {1: square(30)})
    write_sequence(tmp_path / "truth" / "lamp", {1: square(30)})
    evaluation = evaluate(str(tmp_path / "out"), str(tmp_path / "truth"))
    assert {item.name: item.mean.j for item in evaluation.objects} == {"cup": 1, "hand": 0}
    assert evaluation.mean.j == 0.5
    assert evaluation.objects_missing == ("lamp",)
    assert evaluation.objects_unknown == ("extra",)


@pytest.mark.parametrize("names", ["RGBA", "A", "R", "RA"])
def test_exr_mattes_are_read_from_alpha_else_red(tmp_path: Path, names: str) -> None:
    channels = {name: square(30) for name in names}
    channels["A" if "A" in names else "R"] = square(5, alpha=0.25)
    write_exr(tmp_path / "m" / "m.0007.exr", channels)
    truth = write_sequence(tmp_path / "truth", {7: square(5, alpha=64 / 255)})
    mean = evaluate(str(tmp_path / "m" / "m.%04d.exr"), truth).mean
    assert mean.mad == pytest.approx((64 / 255 - 0.25) * 100 / 2400, abs=1e-6)


def test_a_cropped_data_window_is_put_back_in_its_place(tmp_path: Path) -> None:
    write_exr(tmp_path / "m" / "m.0001.exr", {"A": np.ones((10, 10), np.float32)}, x=5, y=10)
    truth = write_sequence(tmp_path / "truth", {1: square(5)})
    assert evaluate(str(tmp_path / "m"), truth).mean.j == 1


def no_truth(tmp_path: Path) -> str:
    return str(tmp_path / "nowhere")


def other_frames(tmp_path: Path) -> str:
    return write_sequence(tmp_path / "truth", {5: square(5)})


def other_size(tmp_path: Path) -> str:
    return write_sequence(tmp_path / "truth", {1: square(5)[:30]})


def damaged(tmp_path: Path) -> str:
    folder = Path(write_sequence(tmp_path / "truth", {1: square(5)}))
    (folder / "truth.0001.png").write_bytes(b"no image")
    return str(folder)


def movie(tmp_path: Path) -> str:
    path = tmp_path / "truth.mp4"
    path.touch()
    return str(path)


@pytest.mark.parametrize(
    ("truth", "error", "sentence"),
    [
        (no_truth, RotomatteError, "nowhere"),
        (other_frames, JobError, "no frame in common"),
        (other_size, FrameSizeError, "Frame 1 is 60x40 in the mattes"),
        (damaged, FrameUnreadableError, r"Frame 1, .*truth\.0001\.png, cannot be read"),
        (movie, JobError, "is a movie"),
    ],
)
def test_what_cannot_be_compared_gets_a_sentence(
    tmp_path: Path, truth: Callable[[Path], str], error: type[RotomatteError], sentence: str
) -> None:
    mattes = write_sequence(tmp_path / "mattes", {1: square(5)})
    with pytest.raises(error, match=sentence) as caught:
        evaluate(mattes, truth(tmp_path))
    assert caught.value.remedy


def test_folders_of_other_objects_and_of_several_sequences_are_refused(tmp_path: Path) -> None:
    write_sequence(tmp_path / "out" / "cup", {1: square(5)})
    write_sequence(tmp_path / "truth" / "lamp", {1: square(5)})
    with pytest.raises(JobError, match=r"cup.*lamp"):
        evaluate(str(tmp_path / "out"), str(tmp_path / "truth"))
    write_png(tmp_path / "out" / "cup" / "other.0001.png", square(5))
    with pytest.raises(PlateNotFoundError, match="2 image sequences"):
        evaluate(str(tmp_path / "out" / "cup"), str(tmp_path / "truth" / "lamp"))


def run_eval(*arguments: str) -> str:
    app = typer.Typer()
    app.command("eval")(evaluate_command)
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "120"})
    assert result.exit_code == 0, result.output
    return result.stdout


def test_json_is_all_that_is_printed(tmp_path: Path) -> None:
    mattes = write_sequence(tmp_path / "mattes", {1: square(5), 2: square(5)})
    truth = write_sequence(tmp_path / "truth", {1: square(5, alpha=0.6)})
    document = json.loads(run_eval(mattes, truth, "--json"))
    assert document["mean"]["j"] == 1
    assert document["mean"]["mse"] == pytest.approx(0.16 * 100 / 2400)
    assert document["objects"][0]["truth_missing"] == [2]
    assert document["objects"][0]["frames"][0]["frame"] == 1


def test_the_table_shows_the_means_and_names_what_is_missing(tmp_path: Path) -> None:
    numbers = (1, 2, 3, 5)
    for name, left in (("cup", 5), ("hand", 10)):
        write_sequence(tmp_path / "out" / name, {1: square(left)})
        write_sequence(tmp_path / "truth" / name, {frame: square(5, alpha=0.6) for frame in numbers})
    printed = run_eval(str(tmp_path / "out"), str(tmp_path / "truth"))
    rows = [line.split() for line in printed.splitlines()]
    heading = next(row for row in rows if "object" in row)
    assert [word for word in heading if word.isascii()] == [
        "object", "frames", "J", "F", "J&F", "MAD", "MSE", "gradient", "dtSSD"
    ]  # fmt: skip
    mean = next(row for row in rows if "mean" in row)
    assert [word for word in mean if word.isascii()][1:3] == ["2", "0.667"]
    assert "cup: 3 frame(s) without a matte not measured: 2-3, 5." in printed


@pytest.mark.skipif(not DAVIS.is_dir(), reason="the DAVIS sequences are not beside this checkout")
def test_a_moved_davis_mask_scores_below_its_own(tmp_path: Path) -> None:
    truth_hw = cv2.imread(str(DAVIS / "dog" / "00000.png"), cv2.IMREAD_GRAYSCALE)
    assert truth_hw is not None
    write_png(tmp_path / "moved" / "00000.png", (np.roll(truth_hw, 6, axis=1) / 255).astype(np.float32))
    (only,) = evaluate(str(tmp_path / "moved"), str(DAVIS / "dog")).objects
    assert len(only.mattes_missing) == len(list((DAVIS / "dog").iterdir())) - 1
    assert 0.8 < only.mean.j < 0.99
    assert only.mean.f > 0.99  # six pixels are within the benchmark's tolerance of eight
