"""A cassette without anybody's names still says all that Resolve's way of answering is about."""

from __future__ import annotations

from typing import Any

from rotomatte_hosts.resolve.anonymous import Anonymous


def call(name: str, answer: Any, *arguments: Any) -> dict[str, Any]:
    return {"do": "call", "handle": 1, "kind": "K", "name": name, "arguments": list(arguments), "answer": answer}


def clean(*calls: dict[str, Any]) -> list[Any]:
    return [made["answer"] for made in Anonymous().calls(list(calls))]


def test_paths_keep_their_form() -> None:
    (found,) = clean(call("GetClipProperty", {"dict": [["File Path", "/jobs/acme/sh010/plate.[1001-1048].exr"]]}))
    assert found == {"dict": [["File Path", "/w1/w2/w3010/w4.[1001-1048].exr"]]}
    assert clean(call("GetFilePath", "C:\\Shows\\Acme\\take 2.mov")) == ["w1:\\w2\\w3\\w4 2.mov"]


def test_a_name_is_the_same_word_wherever_it_stands() -> None:
    made = Anonymous()
    calls = made.calls([call("GetFusionCompByName", None, "Hero comp"), call("GetFusionCompNameList", ["Hero comp"])])
    assert calls[0]["arguments"] == ["w1 w2"]
    assert calls[1]["answer"] == ["w1 w2"]
    assert made.words == {"Hero": "w1", "comp": "w2"}


def test_what_reading_depends_on_stays() -> None:
    marker = {"dict": [["color", "Blue"], ["name", "roto:door"], ["note", "the left one"], ["customData", ""]]}
    assert clean(call("GetMarkers", {"dict": [[30.0, marker]]})) == [
        {"dict": [[30.0, {"dict": [["color", "Blue"], ["name", "roto:w1"], ["note", "w2 w3 w4"], ["customData", ""]]}]]}
    ]
    settings = {"dict": [["colorSpaceTimeline", "DaVinci WG/Intermediate"], ["timelineFrameRate", "29.97 DF"]]}
    rec709 = call("GetClipProperty", "Rec.709 (Scene)", "Input Color Space")
    assert clean(call("GetName", "Linear"), call("GetSetting", settings), rec709) == ["w1", settings, "Rec.709 (Scene)"]
    assert clean(call("GetName", "Linear"), call("GetClipProperty", "Linear", "Input Gamma")) == ["w1", "Linear"]
    assert clean(call("GetClipProperty", "Linear", "Clip Name")) == ["w1"]
    assert clean(call("GetVersionString", "21.0.4.5")) == ["21.0.4.5"]


def test_the_prompts_of_the_macro_stay_prompts() -> None:
    line = '{"v":1,"t":12,"obj":1,"kind":"include","x":0.5,"y":0.5}'
    assert clean(call("GetInput", line, "PromptList")) == [line]
    assert clean(call("GetInput", "car, driver", "Names")) == ["w1, w2"]
    assert clean(call("GetInput", 0.5, "Quality")) == [0.5]


def test_objects_and_what_is_no_name_are_untouched() -> None:
    answer = [{"object": {"handle": 4, "kind": "Timeline"}}, None, True, 1001, {"float": "nan"}]
    assert clean(call("GetTimelines", answer)) == [answer]
