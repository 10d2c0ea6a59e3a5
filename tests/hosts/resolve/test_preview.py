"""The engine's side of the macro's Preview button; the way through a real engine is in test_end_to_end_lua."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.hosts.resolve.lua_setting import read_setting

from rotomatte_hosts.resolve.preview import Preview, main, read_request, within_limit, write_answer
from rotomatte_plugin.errors import JobError


def answered(path: Path) -> dict[str, str]:
    named: dict[str, str] = read_setting(path.read_text(encoding="utf-8").removeprefix("return ")).named
    return named


def test_an_answer_is_a_table_with_the_path_of_the_image(tmp_path: Path) -> None:
    answer = tmp_path / "preview.lua"
    write_answer(Preview('car on "this" frame.', b"png"), answer)
    first = answered(answer)
    assert first["sentence"] == 'car on "this" frame.'
    assert Path(first["path"]).read_bytes() == b"png"
    write_answer(Preview("car on this frame.", b"other"), answer)
    second = answered(answer)
    # A Loader shows what it has of a path, whatever became of the file.
    assert second["path"] != first["path"]
    assert [path.name for path in tmp_path.glob("*.png")] == [Path(second["path"]).name]


def test_without_a_mask_there_is_a_sentence_alone(tmp_path: Path) -> None:
    write_answer(Preview("car has no prompts."), tmp_path / "preview.lua")
    assert answered(tmp_path / "preview.lua") == {"sentence": "car has no prompts."}


def test_what_goes_wrong_is_a_sentence() -> None:
    def fail() -> Preview:
        raise JobError("car has no prompts.", remedy="Press Include.")

    assert within_limit(fail) == Preview("car has no prompts. Press Include.")


def test_a_mistake_of_ours_is_a_sentence_too() -> None:
    def fail() -> Preview:
        raise ZeroDivisionError("oh")

    assert "oh" in within_limit(fail).sentence


def test_resolve_does_not_wait_longer_than_the_limit() -> None:
    may_end = threading.Event()

    def slow() -> Preview:
        may_end.wait()
        return Preview("too late")

    assert "press Preview again" in within_limit(slow, limit_s=0.0).sentence
    may_end.set()


def test_a_request_that_is_none_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "preview.json"
    path.write_text('{"comp": "Composition 1"}')
    with pytest.raises(JobError, match="rotomatte install resolve"):
        read_request(path)
    assert main([str(path)]) == JobError.exit_code
    assert "rotomatte install resolve" in capsys.readouterr().err
