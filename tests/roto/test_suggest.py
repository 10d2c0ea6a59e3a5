from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from tests.roto.curves import AWAY, curve, on
from tests.roto.test_states import Track, tracks

from rotomatte.roto.states import state_ranges
from rotomatte.roto.suggest import suggestions
from rotomatte_plugin.model import Direction, FrameRange, FrameScore, PromptSuggestion

CLIP = FrameRange(1001, 1060)


def suggested(
    scores: list[FrameScore],
    keys: tuple[int, ...] = (1001,),
    *,
    beyond_cut: Iterable[int] = (),
    direction: Direction = "both",
    clip: FrameRange = CLIP,
) -> list[PromptSuggestion]:
    states = state_ranges(clip, scores, keys, frozenset(beyond_cut), direction)
    return list(suggestions(states, scores, keys, direction))


@pytest.mark.parametrize("clip", [CLIP, FrameRange(1001, 1001), FrameRange(1001, 1004)])
def test_nothing_is_suggested_where_all_is_well(clip: FrameRange) -> None:
    assert suggested(curve(clip), clip=clip) == []


def test_nothing_is_suggested_where_nothing_was_tracked() -> None:
    assert suggested([], (1060,), direction="forward") == []


def test_a_sure_return_is_worth_one_look_where_the_object_comes_back() -> None:
    assert suggested(curve(CLIP, on(range(1020, 1040), **AWAY))) == [
        PromptSuggestion(1040, "The object comes back on 1040; a prompt makes sure that it is the same one.")
    ]


def test_a_doubtful_return_is_one_suggestion_with_what_follows() -> None:
    def change(frame: int) -> dict[str, object]:
        if 1020 <= frame < 1040:
            return AWAY
        return {"predicted_iou": 0.4} if 1040 <= frame < 1056 else {}

    assert suggested(curve(CLIP, change)) == [
        PromptSuggestion(1040, "The object comes back on 1040 and is doubtful until 1055.")
    ]


def test_a_return_is_prompted_where_the_object_is_large_enough() -> None:
    def change(frame: int) -> dict[str, object]:
        return AWAY if 1020 <= frame < 1040 else {"area_px": min(5000.0, max(0, frame - 1039) * 1000.0 or 5000.0)}

    (only,) = suggested(curve(CLIP, change, iou=0.45))[:1]
    assert (only.frame, only.reason) == (1042, "The object comes back on 1040 and is doubtful until 1060.")


def test_a_return_before_the_first_key_is_on_its_other_side() -> None:
    (only,) = suggested(curve(CLIP, on(range(1020, 1040), **AWAY)), (1060,))
    assert only.frame == 1019


def test_a_doubtful_run_is_prompted_where_it_is_worst() -> None:
    slump = on(range(1020, 1040), predicted_iou=0.6)
    scores = curve(CLIP, lambda frame: {"predicted_iou": 0.3} if 1030 <= frame <= 1034 else slump(frame))
    assert suggested(scores) == [
        PromptSuggestion(1032, "The model is unsure of the object on 1020-1039, most of all on 1032.")
    ]


def test_longer_and_more_doubtful_runs_come_first() -> None:
    def change(frame: int) -> dict[str, object]:
        of_runs = {range(1010, 1013): 0.6, range(1020, 1036): 0.6, range(1045, 1055): 0.0}
        return next(({"predicted_iou": iou} for run, iou in of_runs.items() if frame in run), {})

    assert [item.reason[37:46] for item in suggested(curve(CLIP, change))] == ["1045-1054", "1020-1035", "1010-1012"]


def test_a_run_beside_a_key_weighs_less() -> None:
    doubtful = on([*range(1002, 1010), *range(1030, 1038)], predicted_iou=0.6)
    assert [item.frame >= 1030 for item in suggested(curve(CLIP, doubtful))] == [True, False]


def test_at_most_five_are_suggested() -> None:
    doubtful = on([frame for frame in CLIP if frame % 8 < 3], predicted_iou=0.5)
    assert len(suggested(curve(CLIP, doubtful))) == 5


def test_an_abrupt_loss_without_a_return_is_suspicious() -> None:
    assert suggested(curve(CLIP, on(range(1040, 1061), **AWAY))) == [
        PromptSuggestion(1040, "The object is lost on 1040-1060, though it is large on 1039.")
    ]
    assert [item.frame for item in suggested(curve(CLIP, on(range(1001, 1021), **AWAY)), (1060,))] == [1020]
    assert [item.frame for item in suggested(curve(CLIP, on(range(1002, 1061), **AWAY)))] == [1002]


def test_a_loss_out_of_doubt_is_suspicious_although_the_object_comes_back() -> None:
    def change(frame: int) -> dict[str, object]:
        return AWAY if 1030 <= frame < 1045 else {"predicted_iou": 0.4} if 1020 <= frame < 1030 else {}

    found = suggested(curve(CLIP, change))
    assert PromptSuggestion(1030, "The object is lost on 1030-1044, though it is large on 1029.") in found
    assert sorted(item.frame for item in found)[1:] == [1030, 1045]


def test_a_single_doubtful_frame_after_a_loss_has_its_own_words() -> None:
    scores = curve(
        CLIP, lambda frame: {"predicted_iou": 0.4} if frame == 1040 else AWAY if 1020 <= frame < 1040 else {}
    )
    assert suggested(scores) == [PromptSuggestion(1040, "The object comes back on 1040, doubtfully.")]


def test_what_shrinks_away_is_rightly_gone() -> None:
    def change(frame: int) -> dict[str, object]:
        return AWAY if frame >= 1040 else {"area_px": 5000 * min(1.0, (1040 - frame) / 8)}

    assert suggested(curve(CLIP, change)) == []


def test_a_matte_drawn_empty_says_that_the_object_is_gone() -> None:
    assert suggested(curve(CLIP, on(range(1040, 1061), **AWAY)), (1001, 1040)) == []


def test_a_loss_that_a_prompt_ended_needs_no_other() -> None:
    assert suggested(curve(CLIP, on(range(1020, 1040), **AWAY)), (1001, 1040)) == []


def test_beyond_a_cut_the_first_frame_is_prompted() -> None:
    assert suggested(curve(range(1001, 1031)), beyond_cut=range(1031, 1061)) == [
        PromptSuggestion(
            1031, "A cut keeps the track from 1031-1060; if the object is there, a prompt on 1031 carries it on."
        )
    ]
    before = suggested(curve(range(1021, 1061)), (1060,), beyond_cut=range(1001, 1021))
    assert [item.frame for item in before] == [1020]


def test_the_direction_decides_on_which_side_of_a_cut() -> None:
    scores = curve([1001, *range(1041, 1061)])
    beyond = range(1002, 1041)
    assert [item.frame for item in suggested(scores, (1001, 1060), beyond_cut=beyond, direction="backward")] == [1040]
    assert [item.frame for item in suggested(scores, (1001, 1060), beyond_cut=beyond)] == [1002]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"neighbour_iou": 0.05}, "The matte changes abruptly on 1020-1024"),
        ({"object_score": 0.1}, "The object is hardly seen on 1020-1024"),
        ({"passes_iou": 0.05}, "The tracks from before and after do not agree on 1020-1024"),
        ({"predicted_iou": 0.1}, "The model is unsure of the object on 1020-1024"),
    ],
)
def test_the_reason_is_what_weighs_most(changes: dict[str, float], words: str) -> None:
    (only,) = suggested(curve(CLIP, on(range(1020, 1025), **changes)), (1001, 1060))
    assert only.reason.startswith(words)


def test_one_bad_frame_is_named_once() -> None:
    (only,) = suggested(curve(CLIP, on([1020], area_px=50.0)))
    assert (only.frame, only.reason) == (1020, "The matte changes its size abruptly on 1020.")


@given(tracks())
def test_prompts_are_suggested_on_frames_without_any_where_something_is_wrong(track: Track) -> None:
    clip, scores, keys, beyond_cut, direction = track
    states = state_ranges(clip, scores, keys, beyond_cut, direction)
    frames = [item.frame for item in suggestions(states, scores, keys, direction)]
    assert len(frames) == len(set(frames)) <= 5
    assert not set(frames) & set(keys)
    for frame in frames:
        (state,) = [item for item in states if frame in item.frames]
        assert state.state not in {"present", "untracked"}
        assert state.state != "lost" or frame in (state.frames.first, state.frames.last)
