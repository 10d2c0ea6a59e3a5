"""Documents of prompts for an edit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.timeline.media_made import clicked, clip_of, found_media, offline

from rotomatte.document import encode
from rotomatte.timeline.edit import ClipUse
from rotomatte.timeline.media import FoundMedia
from rotomatte.timeline.shots import Shot, Wanted, plan_shots
from rotomatte.timeline.sidecar import (
    EditPrompts,
    ShotPrompts,
    objects_for,
    read_prompts,
    require_all_used,
    template,
)
from rotomatte_plugin.errors import JobError, PromptError
from rotomatte_plugin.model import CleanUp, ColourSettings, Holdout, MaskPrompt, MatteObject, PromptSet

STREET = found_media("/p/street.%04d.exr", 1001, 1060)
REEL = found_media("E:\\media\\reel.mov", 1, 60)
CAR, DOG = clicked("car", 1010), clicked("dog", 1020)


def use(first: int, last: int, number: int = 1, media: FoundMedia = STREET, *, is_seen: bool = True) -> ClipUse:
    """A clip that shows these plate frames."""
    assert media.info is not None
    begin = media.info.frames.first
    return clip_of(media, range(first - begin, last - begin + 1), number, is_seen=is_seen)


def names(entries: list[ShotPrompts], clip: ClipUse, media: FoundMedia = STREET) -> list[str]:
    return [item.name for item in objects_for(entries, clip, media)[0]]


def written(path: Path, shots: list[dict[str, object]]) -> Path:
    path.write_text(json.dumps({"schema": 1, "shots": shots}), encoding="utf-8")
    return path


def test_what_a_document_says(tmp_path: Path) -> None:
    point = {"frame": 1010, "x": 20, "y": 30}
    objects = [{"name": "car", "prompts": {"points": [point]}}, {"name": "later", "prompts": {}}]
    entry = {"media": "street.%04d.exr", "frames": "1001-1048", "clips": ["V1/3"], "objects": objects}
    path = written(tmp_path / "p.json", [{**entry, "colour_space": "ACEScg"}, {"media": "reel.mov", "objects": []}])
    assert read_prompts(path).shots == (
        ShotPrompts("street.%04d.exr", "1001-1048", ("V1/3",), (CAR, MatteObject("later", PromptSet())), "ACEScg"),
        ShotPrompts("reel.mov"),
    )


def test_files_lie_beside_the_document(tmp_path: Path) -> None:
    clean_up = (CleanUp(holdouts=(Holdout("core", "core.png"), Holdout("garbage", "/g.png"))),)
    masks = (MaskPrompt(1010, "masks/car.png"), MaskPrompt(1011, "/car.png"))
    document = EditPrompts((ShotPrompts("a", objects=(MatteObject("car", PromptSet(masks=masks), clean_up),)),))
    (tmp_path / "p.json").write_bytes(encode(document))
    (item,) = read_prompts(tmp_path / "p.json").shots[0].objects
    assert [mask.path for mask in item.prompts.masks] == [str(tmp_path / "masks/car.png"), "/car.png"]
    assert [one.path for one in item.clean_up[0].holdouts] == [str(tmp_path / "core.png"), "/g.png"]


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"media": "a", "frame": "1"}, r"means nothing here: \$\.shots\[0\]\.frame\."),
        ({"media": 3}, r"Expected `str`, got `int` - at `\$\.shots\[0\]\.media`"),
        ({"media": "a", "frames": "all"}, r"'all' is not a frame range - at `\$\.shots\[0\]\.frames`"),
        ({"media": "a", "frames": "9-1"}, r"ends before it starts - at `\$\.shots\[0\]\.frames`"),
        (
            {"media": "a", "objects": [{"name": "car"}]},
            r"missing required field `prompts` - at `\$\.shots\[0\]\.objects",
        ),
        ({"media": "a", "objects": [{"name": "my car", "prompts": {}}]}, "cannot name an object"),
    ],
)
def test_a_wrong_field_is_named_with_its_place(tmp_path: Path, entry: dict[str, object], why: str) -> None:
    with pytest.raises(JobError, match=why) as no:
        read_prompts(written(tmp_path / "p.json", [entry]))
    assert no.value.path == str(tmp_path / "p.json")


def test_a_document_of_a_later_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{"schema": 2, "shots": []}')
    with pytest.raises(JobError, match="has schema 2, and this Rotomatte reads schema 1"):
        read_prompts(tmp_path / "p.json")


@pytest.mark.parametrize("name", ["/p/street.%04d.exr", "street.%04d.exr"])
def test_an_entry_holds_for_its_media_by_path_or_name(name: str) -> None:
    assert names([ShotPrompts(name, objects=(CAR,))], use(1001, 1010)) == ["car"]
    assert names([ShotPrompts(name, objects=(CAR,))], use(1, 10, media=REEL), REEL) == []


def test_an_entry_holds_for_clips_that_show_some_of_its_frames() -> None:
    for frames, holds in (("1011-1020", True), ("1020", True), ("1021-1030", False), ("990-1010", False), (None, True)):
        assert bool(names([ShotPrompts("street.%04d.exr", frames, objects=(CAR,))], use(1011, 1020))) is holds, frames


def test_an_entry_holds_for_clips_that_it_names_and_only_then_for_those_that_are_off() -> None:
    entry = [ShotPrompts("street.%04d.exr", clips=("V1/2",), objects=(CAR,))]
    assert names(entry, use(1001, 1010, 1)) == []
    assert names(entry, use(1001, 1010, 2)) == ["car"]
    assert names(entry, use(1001, 1010, 2, is_seen=False)) == ["car"]
    assert names([ShotPrompts("street.%04d.exr", objects=(CAR,))], use(1001, 1010, is_seen=False)) == []


def test_of_media_that_is_not_there_any_frames_may_be_meant() -> None:
    gone = offline("/gone/reel.mov")
    entries = [ShotPrompts("reel.mov", "1-10", objects=(CAR,))]
    assert names(entries, clip_of(gone, range(50)), gone) == ["car"]
    require_all_used(entries, [(clip_of(gone, range(50)), gone)])


def test_entries_add_up_and_objects_without_prompts_are_not_wanted() -> None:
    entries = [
        ShotPrompts("street.%04d.exr", objects=(CAR, MatteObject("dog", PromptSet())), colour_space="ACEScg"),
        ShotPrompts("/p/street.%04d.exr", objects=(CAR, DOG)),
    ]
    assert objects_for(entries, use(1001, 1030), STREET) == ((CAR, DOG), "ACEScg")


def test_two_things_of_one_object_are_refused() -> None:
    entries = [
        ShotPrompts("street.%04d.exr", objects=(CAR,)),
        ShotPrompts("street.%04d.exr", objects=(clicked("car", 1011),)),
    ]
    with pytest.raises(PromptError, match=r"say two things of car in clip V1/1 \(clip1\)"):
        objects_for(entries, use(1001, 1030), STREET)
    spaces = [ShotPrompts("street.%04d.exr", colour_space=space) for space in ("ACEScg", "sRGB")]
    with pytest.raises(PromptError, match="two colour spaces, ACEScg and sRGB"):
        objects_for(spaces, use(1001, 1030), STREET)


def test_an_entry_about_nothing_is_refused_with_what_there_is() -> None:
    clips = [(use(1001, 1010), STREET), (use(1, 10, 2, REEL, is_seen=False), REEL)]
    require_all_used([ShotPrompts("street.%04d.exr", "1010-1020"), ShotPrompts("reel.mov", clips=("V1/2",))], clips)
    for entry, why in (
        (ShotPrompts("strete.exr"), r"no media 'strete.exr'. It has /p/street.%04d.exr, E:\media\reel.mov."),
        (ShotPrompts("street.%04d.exr", "1011-1020"), "frames 1011-1020. Its clips are V1/1 (1001-1010)."),
        (ShotPrompts("street.%04d.exr", clips=("V1/9",)), "clips V1/9. Its clips are V1/1 (1001-1010)."),
        (ShotPrompts("reel.mov"), "clips that are seen. Its clips are V1/2 (1-10, switched off)."),
    ):
        with pytest.raises(PromptError) as no:
            require_all_used([entry], clips)
        assert str(no.value).endswith(why)


def test_a_name_of_several_media_is_refused() -> None:
    other = found_media("/q/street.%04d.exr", 1001, 1060)
    clips = [(use(1001, 1010), STREET), (use(1021, 1030, 2, other), other)]
    with pytest.raises(PromptError, match="several media of the name") as no:
        require_all_used([ShotPrompts("street.%04d.exr")], clips)
    assert "/p/street.%04d.exr, /q/street.%04d.exr" in no.value.message
    require_all_used([ShotPrompts("/q/street.%04d.exr"), ShotPrompts("street.%04d.exr", "1001-1005")], clips)


def test_a_template_has_each_shot_and_what_markers_said() -> None:
    items = [Wanted(use(1005, 1020), STREET, (CAR,)), Wanted(use(1, 9, 2, REEL), REEL, ())]
    assert template(plan_shots(items, 8, [STREET.reference, REEL.reference])).shots == (
        ShotPrompts("/p/street.%04d.exr", "1005-1020", None, (CAR,)),
        ShotPrompts("E:\\media\\reel.mov", "1-9"),
    )


ranges = st.tuples(st.integers(1001, 1060), st.integers(1001, 1060)).map(sorted)
clips = st.lists(st.tuples(ranges, st.sampled_from(["", "car", "dog"]), st.integers(0, 2), st.booleans()), max_size=7)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(clips)
def test_a_template_that_is_read_again_gives_the_same_shots(
    tmp_path: Path, made: list[tuple[list[int], str, int, bool]]
) -> None:
    # Two paths to one plate, and another plate whose file has the same name.
    one = found_media("/p/a.%04d.exr", 1001, 1060)
    same = FoundMedia(found_media("/P/a.%04d.exr", 1001, 1060).reference, one.plate, one.info)
    plates = [one, same, found_media("/q/a.%04d.exr", 1001, 1060)]
    items = []
    for number, ((first, last), wanted, plate, is_seen) in enumerate(made, 1):
        objects = () if not wanted else (clicked(wanted, first, last),) if number % 2 else (clicked(wanted, last),)
        clip = use(first, last, number, plates[plate], is_seen=is_seen)
        items.append(Wanted(clip, plates[plate], objects, ColourSettings(space=wanted or None)))
    media = [plate.reference for plate in plates]
    shots = plan_shots(items, 4, media)
    (tmp_path / "p.json").write_bytes(encode(template(shots)))
    entries = read_prompts(tmp_path / "p.json").shots
    require_all_used(entries, [(item.use, item.media) for item in items])
    again = []
    for item in items:
        objects, space = objects_for(entries, item.use, item.media)
        again.append(Wanted(item.use, item.media, objects, ColourSettings(space=space)))
    assert _told(plan_shots(again, 4, media)) == _told(shots)


def _told(shots: tuple[Shot, ...]) -> list[tuple[object, ...]]:
    return [(shot.name, shot.used, shot.frames, shot.objects, shot.colour, [u.id for u in shot.uses]) for shot in shots]
