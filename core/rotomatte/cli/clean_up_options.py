"""The options of clean-up; ``rotomatte.prompts.parse_clean_up`` says what their values mean."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

_AMOUNT = "[OBJ@][FIRST-LAST/]PX"
_FILE = "[OBJ@][FIRST-LAST/]FILE"

SmoothOption = Annotated[
    Optional[list[str]],
    typer.Option(
        "--smooth",
        metavar="[OBJ@][FIRST-LAST/]COUNT",
        help="Against flicker: average over so many frames on either side, along the motion.",
    ),
]
FillHolesOption = Annotated[
    Optional[list[str]],
    typer.Option("--fill-holes", metavar=_AMOUNT, help="Fill holes of at most that area in plate pixels."),
]
RemoveSpecksOption = Annotated[
    Optional[list[str]],
    typer.Option("--remove-specks", metavar=_AMOUNT, help="Remove specks of at most that area in plate pixels."),
]
CloseOption = Annotated[
    Optional[list[str]],
    typer.Option("--close", metavar=_AMOUNT, help="Close gaps narrower than twice that radius."),
]
OpenOption = Annotated[
    Optional[list[str]],
    typer.Option("--open", metavar=_AMOUNT, help="Take away what is narrower than twice that radius."),
]
GrowOption = Annotated[
    Optional[list[str]],
    typer.Option(
        "--grow",
        metavar=_AMOUNT,
        help="Move the edge outward, or inward if negative. As all amounts, keyed: [OBJ@]FRAME:PX,FRAME:PX.",
    ),
]
FeatherOption = Annotated[
    Optional[list[str]],
    typer.Option("--feather", metavar=_AMOUNT, help="Soften the edge over that width."),
]
GarbageOption = Annotated[
    Optional[list[str]],
    typer.Option("--garbage", metavar=_FILE, help="A matte, still or sequence, of what is never the object."),
]
CoreOption = Annotated[
    Optional[list[str]],
    typer.Option("--core", metavar=_FILE, help="A matte, still or sequence, of what always is the object."),
]
