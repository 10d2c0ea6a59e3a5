from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rotomatte.prompts.parse import parse_prompts
from rotomatte.prompts.parse_clean_up import ALL_OBJECTS, parse_clean_up, with_clean_up
from rotomatte_plugin.errors import JobError, PromptError
from rotomatte_plugin.model import CleanUp, FrameRange, Holdout, Keyed


def parsed(**options: Any) -> dict[str, tuple[CleanUp, ...]]:
    apart = {name: options.pop(name) for name in ("smooth", "garbage", "core") if name in options}
    return parse_clean_up(amounts={name.replace("_", "-"): texts for name, texts in options.items()}, **apart)


def test_nothing_asked_for_is_nothing_done() -> None:
    assert parse_clean_up(amounts={"grow": None, "close": []}) == {ALL_OBJECTS: ()}


def test_everything_for_the_same_frames_is_one_clean_up() -> None:
    found = parsed(
        fill_holes=["200"], remove_specks=["50.5"], close=["2"], open=["1"], grow=["-1.5"], feather=["3"], smooth=["2"]
    )
    assert found == {
        ALL_OBJECTS: (
            CleanUp(
                smooth_frames=2,
                fill_holes_px=200,
                remove_specks_px=50.5,
                close_px=2,
                open_px=1,
                grow_px=-1.5,
                feather_px=3,
            ),
        )
    }


def test_ranges_come_in_the_order_in_which_they_are_named_and_all_frames_last() -> None:
    found = parsed(grow=["1", "1010-1020/2", "-5--2/3"], feather=["1010-1020/4", "1005/2"])
    assert found[ALL_OBJECTS] == (
        CleanUp(FrameRange(1010, 1020), grow_px=2, feather_px=4),
        CleanUp(FrameRange(-5, -2), grow_px=3),
        CleanUp(FrameRange(1005, 1005), feather_px=2),
        CleanUp(grow_px=1),
    )


def test_keys_hold_on_all_frames() -> None:
    found = parsed(grow=["1001:0, 1010:-2.5"], feather=["2"])
    assert found[ALL_OBJECTS] == (CleanUp(grow_px=Keyed(((1001, 0), (1010, -2.5))), feather_px=2),)
    assert parsed(grow=["car@-3:1"])["car"] == (CleanUp(grow_px=Keyed(((-3, 1),))),)


def test_an_object_gets_what_all_get_and_its_own_over_it() -> None:
    found = parsed(
        feather=["2", "car@0"],
        grow=["car@1001-1005/1"],
        garbage=["/m/all.exr", "car@/m/car.exr"],
        smooth=["1001-1005/1"],
    )
    everything, of_car = Holdout("garbage", "/m/all.exr"), Holdout("garbage", "/m/car.exr")
    early = FrameRange(1001, 1005)
    assert found == {
        ALL_OBJECTS: (CleanUp(early, smooth_frames=1), CleanUp(feather_px=2, holdouts=(everything,))),
        "car": (CleanUp(early, smooth_frames=1, grow_px=1), CleanUp(holdouts=(everything, of_car))),
    }


def test_files_become_absolute_and_core_comes_after_garbage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = parsed(core=["car@1001-1010/rig/core.%04d.exr"], garbage=["car@1001-1010/g.png", "./1001/g@2.png"])
    assert found["car"][0] == CleanUp(
        FrameRange(1001, 1010),
        holdouts=(
            Holdout("garbage", str(tmp_path / "g.png")),
            Holdout("core", str(tmp_path / "rig" / "core.%04d.exr")),
        ),
    )
    assert found[ALL_OBJECTS] == (CleanUp(holdouts=(Holdout("garbage", str(tmp_path / "1001" / "g@2.png")),)),)


@pytest.mark.parametrize(
    "text", ["x", "1,2", "1001:a", "1001:1,2", "red car@2", "1001-1010/", "1001-1010/2px", "@2", "1;2"]
)
def test_a_malformed_amount_says_how_to_write_one(text: str) -> None:
    with pytest.raises(
        PromptError, match=r"--grow .* cannot be understood\. Write it as \[OBJECT@\]\[FIRST-LAST/\]AMOUNT"
    ):
        parsed(grow=[text])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"grow": ["1001-1010/1001:2,1005:3"]}, "keys hold on all frames"),
        ({"smooth": ["1001:1,1010:2"]}, r"--smooth .* Write it as \[OBJECT@\]\[FIRST-LAST/\]COUNT"),
        ({"smooth": ["1.5"]}, r"--smooth '1\.5' cannot be understood"),
        ({"smooth": ["13"]}, "Give 0 to 12"),
        ({"grow": ["1", "2"]}, r"--grow is given twice for all frames.*OBJECT@FIRST-LAST/"),
        ({"feather": ["a@1-5/1", "a@1-5/2"]}, "--feather is given twice for frames 1-5"),
        ({"feather": ["-1"]}, "feather_px .* not possible: -1"),
        ({"grow": ["nan"]}, "grow_px .* not possible"),
        ({"grow": ["1010:1,1001:2"]}, "ascending frames"),
        ({"grow": ["9-3/1"]}, "ends before it starts"),
        ({"core": [" "]}, "is empty"),
    ],
)
def test_each_mistake_has_its_sentence(options: dict[str, list[str]], sentence: str) -> None:
    with pytest.raises(JobError, match=sentence):
        parsed(**options)


def test_objects_get_their_clean_up_after_what_they_have() -> None:
    objects = parse_prompts(["car@1:1,1", "dog@1:2,2"], [], [], [])
    car, dog = with_clean_up(objects, parsed(grow=["1"], feather=["car@2"]))
    assert (car.name, dog.name) == ("car", "dog")
    assert car.clean_up == (CleanUp(grow_px=1, feather_px=2),)
    assert dog.clean_up == (CleanUp(grow_px=1),)
    assert car.prompts == objects[0].prompts
    again = with_clean_up((car, dog), parsed(open=["dog@3"]))
    assert [item.clean_up for item in again] == [car.clean_up, (CleanUp(grow_px=1), CleanUp(open_px=3))]


def test_an_unknown_object_is_met_with_the_known_ones() -> None:
    objects = parse_prompts(["car@1:1,1", "dog@1:2,2"], [], [], [])
    with pytest.raises(PromptError, match=r"Clean-up is asked for cat.*Name one of car, dog, or none"):
        with_clean_up(objects, parsed(grow=["cat@1"]))
