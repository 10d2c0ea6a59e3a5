from __future__ import annotations

from pathlib import Path

import pytest
from tests.models.small_files import holding
from typer.testing import CliRunner

from rotomatte.cli.models import app
from rotomatte.models import registry
from rotomatte.models.registry import SPECS
from rotomatte_plugin.errors import ModelMissingError, UnknownModelError


def test_list_names_every_model_its_size_and_where_it_lies(user_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    present = user_home / "data" / "models" / SPECS[0].place
    present.parent.mkdir(parents=True)
    present.write_bytes(b"")
    output = CliRunner().invoke(app, ["list"]).output
    assert "bundled" in output
    assert "898 MB" in output
    assert "Apache-2.0" in output
    assert str(present) in output
    for spec in SPECS:
        assert spec.name in output


def test_path_prints_the_path_alone(user_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = holding(SPECS[0], b"tiny")
    monkeypatch.setattr(registry, "SPECS", (spec,))
    present = user_home / "data" / "models" / spec.place
    present.parent.mkdir(parents=True)
    present.write_bytes(b"tiny")
    assert CliRunner().invoke(app, ["path", "tiny"]).output == f"{present}\n"


@pytest.mark.parametrize("where", ["studio", "user"])
def test_get_of_a_model_that_is_there_fetches_nothing(
    where: str, user_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = holding(SPECS[0], b"tiny", "http://[no-address")
    monkeypatch.setattr(registry, "SPECS", (spec,))
    monkeypatch.setenv("ROTOMATTE_MODELS", str(tmp_path / "studio"))
    folder = tmp_path / "studio" if where == "studio" else user_home / "data" / "models"
    folder.mkdir(parents=True)
    (folder / spec.place).write_bytes(b"tiny")
    result = CliRunner().invoke(app, ["get", "tiny"])
    assert result.exit_code == 0
    assert "licence Apache-2.0" in result.output
    assert f"here already: {folder / spec.place}" in result.output


def test_get_fetches_into_the_users_folder(user_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published = tmp_path / "published.pt"
    published.write_bytes(b"tiny")
    spec = holding(SPECS[0], b"tiny", published.as_uri())
    monkeypatch.setattr(registry, "SPECS", (spec,))
    result = CliRunner().invoke(app, ["get", "tiny"])
    arrived = user_home / "data" / "models" / spec.place
    assert f"is ready: {arrived}" in result.output
    assert arrived.read_bytes() == b"tiny"


def test_get_of_the_bundled_model_fetches_nothing() -> None:
    result = CliRunner().invoke(app, ["get", "bundled"])
    assert result.exit_code == 0
    assert "nothing to fetch" in result.output


@pytest.mark.parametrize("command", ["get", "path"])
def test_an_unknown_name_lists_the_known_ones(command: str) -> None:
    with pytest.raises(UnknownModelError, match=r"sam2\.1_hiera_large"):
        CliRunner().invoke(app, [command, "huge"], catch_exceptions=False)


def test_path_of_an_absent_model_says_how_to_get_it() -> None:
    with pytest.raises(ModelMissingError, match="models get large"):
        CliRunner().invoke(app, ["path", "large"], catch_exceptions=False)
