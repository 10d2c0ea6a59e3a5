"""The sidecar names the mattes by what hosts keep: a path, a frame, an object."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from tests.timeline import edits_made as made
from tests.timeline.plans_made import MadePlate, plan_of, reports_of

from rotomatte.document import read_document
from rotomatte.timeline.links import LINKS_SCHEMA, MatteLink, MatteLinks
from rotomatte.timeline.plan_edit import EditPlan
from rotomatte.timeline.write_back import write_mattes
from rotomatte.work import job_id
from rotomatte_plugin.model import FrameRange

STREET = MadePlate("street", "numbered", Fraction(24), 0, 100, 1001)
REEL = MadePlate("reel", "movie", Fraction(24), 0, 100)


def plan(folder: Path) -> EditPlan:
    cuts = [
        made.clip(first, 10, 24, name=plate.name, media=plate.reference())
        for plate, first in ((STREET, 10), (REEL, 40), (STREET, 15), (STREET, 60))
    ]
    timeline = made.timeline(made.track(*cuts), start=made.time(0))
    wanted = {"street": ("car", "driver"), "reel": ("car",)}
    return plan_of(timeline, (STREET, REEL), wanted, path=folder / "cut.otio")


def test_each_object_of_each_shot_is_linked(tmp_path: Path) -> None:
    made_plan = plan(tmp_path)
    reports = reports_of(made_plan.shots)
    result = write_mattes(made_plan, reports, tmp_path)
    assert result.links == tmp_path / "cut.mattes.json"
    document = read_document(result.links, MatteLinks)
    assert (document.edit, document.schema) == (str(tmp_path / "cut.otio"), LINKS_SCHEMA)
    listed = [(link.media, str(link.frames), link.object, link.mattes, link.clips) for link in document.links]
    assert listed == [
        ("/plates/street/street.%04d.exr", "1009-1027", "car", "street_1011/car/car.%04d.exr", ("V1/1", "V1/3")),
        (
            "/plates/street/street.%04d.exr",
            "1009-1027",
            "driver",
            "street_1011/driver/driver.%04d.exr",
            ("V1/1", "V1/3"),
        ),
        ("/plates/reel.mov", "39-52", "car", "reel_41/car/car.%04d.exr", ("V1/2",)),
        ("/plates/street/street.%04d.exr", "1059-1072", "car", "street_1061/car/car.%04d.exr", ("V1/4",)),
        ("/plates/street/street.%04d.exr", "1059-1072", "driver", "street_1061/driver/driver.%04d.exr", ("V1/4",)),
    ]


def test_a_link_names_the_plate_as_found_and_the_job_as_the_mattes_do(tmp_path: Path) -> None:
    made_plan = plan(tmp_path)
    reports = reports_of(made_plan.shots)
    document = read_document(write_mattes(made_plan, reports, tmp_path).links, MatteLinks)
    assert document.links[2] == MatteLink(
        plate="/found/reel",
        media="/plates/reel.mov",
        frames=FrameRange(39, 52),
        object="car",
        mattes="reel_41/car/car.%04d.exr",
        shot="reel_41",
        clips=("V1/2",),
        job=job_id(reports["reel_41"].job),
    )


def test_shots_that_are_not_done_are_not_linked(tmp_path: Path) -> None:
    made_plan = plan(tmp_path)
    reports = reports_of(made_plan.shots, failed=["street_1011"])
    document = read_document(write_mattes(made_plan, reports, tmp_path).links, MatteLinks)
    assert [link.shot for link in document.links] == ["reel_41", "street_1061", "street_1061"]
