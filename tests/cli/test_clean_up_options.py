from __future__ import annotations

from typing import Optional

import typer
from typer.testing import CliRunner

from rotomatte.cli.clean_up_options import (
    CloseOption,
    CoreOption,
    FeatherOption,
    FillHolesOption,
    GarbageOption,
    GrowOption,
    OpenOption,
    RemoveSpecksOption,
    SmoothOption,
)

Given = dict[str, Optional[list[str]]]


def test_every_option_may_be_given_more_than_once_and_takes_negative_amounts() -> None:
    given: list[Given] = []
    app = typer.Typer()

    @app.command()
    def _matte(
        fill_holes: FillHolesOption = None,
        remove_specks: RemoveSpecksOption = None,
        close: CloseOption = None,
        opened: OpenOption = None,
        grow: GrowOption = None,
        feather: FeatherOption = None,
        smooth: SmoothOption = None,
        garbage: GarbageOption = None,
        core: CoreOption = None,
    ) -> None:
        given.append(
            {
                "--fill-holes": fill_holes,
                "--remove-specks": remove_specks,
                "--close": close,
                "--open": opened,
                "--grow": grow,
                "--feather": feather,
                "--smooth": smooth,
                "--garbage": garbage,
                "--core": core,
            }
        )

    assert CliRunner().invoke(app, []).exit_code == 0
    options = list(given[0])
    assert all(not value for value in given[0].values())
    for option in options:
        result = CliRunner().invoke(app, [option, "-1.5", option, "car@-5--2/2"])
        assert result.exit_code == 0, result.output
        assert given[-1] == {
            other: ["-1.5", "car@-5--2/2"] if other == option else given[0][other] for other in options
        }
