from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.page.made_edit import FAILURE, FIRST, HIDDEN, WILD_NAME, MadeEdit, run_disc

from rotomatte.cli import report as report_cli
from rotomatte.page.write_page import PAGE_NAME, write_page
from rotomatte.timeline.edit_document import write_edit_report
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import Profile


class Page(HTMLParser):
    """A page's tags with their attributes, ids, and texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.texts))

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] or "" for _, attributes in self.tags if "id" in attributes]


@pytest.fixture(scope="session")
def read(page: Path) -> Page:
    return Page(page.read_text(encoding="utf-8"))


def copied(edit: MadeEdit, folder: Path) -> Path:
    """The edit's folder, to be changed."""
    return Path(shutil.copytree(edit.out, folder / "out"))


def test_the_page_lies_beside_the_mattes(edit: MadeEdit, page: Path) -> None:
    assert page == edit.out / "report.html"


def test_nothing_is_fetched_from_anywhere(page: Path, read: Page) -> None:
    sources = [attributes.get("src") for _, attributes in read.tags if "src" in attributes]
    assert sources
    assert all(str(source).startswith("data:image/jpeg;base64,") for source in sources)
    assert {attributes["rel"] for attributes in read.all("link")} == {"icon"}
    assert not re.search(r"https?://|@import|url\((?!#)", page.read_text(encoding="utf-8"))
    (policy,) = [item["content"] for item in read.all("meta") if item.get("http-equiv") == "Content-Security-Policy"]
    assert str(policy).startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in str(policy)


def test_names_stay_names(page: Path, read: Page) -> None:
    html = page.read_text(encoding="utf-8")
    assert WILD_NAME not in html
    assert html.count("<script>") == 1
    assert not [tag for tag, _ in read.tags if tag in {"u", "i"}]
    assert "<b>shot" not in html
    assert WILD_NAME in read.text
    assert FAILURE in read.text


def test_every_link_leads_somewhere(edit: MadeEdit, read: Page) -> None:
    assert len(read.ids) == len(set(read.ids))
    inside = {str(item["href"])[1:] for item in read.all("a") if str(item["href"]).startswith("#")}
    assert inside <= set(read.ids)
    files = {str(item["href"]).split("#")[0] for item in read.all("a") if not str(item["href"]).startswith("#")}
    assert files == {
        "reel%207.mattes.otio",
        *(f"{shot}/{end}" for shot in ("steady", "hidden") for end in ("overlay.mp4", "disc/")),
    }
    assert all((edit.out / name).exists() for name in files if name.startswith(("steady", "hidden")))


def test_shots_are_in_the_order_of_their_needs(read: Page) -> None:
    order = [attributes["id"] for attributes in read.all("section") if re.fullmatch(r"s\d+", str(attributes.get("id")))]
    # failed, damaged, hidden, steady, bare; numbered as the edit has them
    assert order == ["s3", "s4", "s2", "s1", "s5"]
    assert "2 failed 1 to look at 2 done 1 skipped" in read.text


def test_a_shot_says_what_became_of_it(read: Page) -> None:
    hidden = read.text[read.text.index("clip of hidden") :]
    hidden = hidden[: hidden.index("All shots")]
    for said in (
        "5 lost, 0 uncertain",
        "disc, 256 px, on cpu",
        "1 min 15 s",
        f"Prompts on {FIRST}.",
        f"Lost on {HIDDEN}.",
        "Returned on 1026-1028.",
        "A prompt on 1026 would help. The object comes back on 1026",
        "The bundled model is for previews",
        "universal: disc/disc.%04d.exr",
    ):
        assert said in hidden, said
    assert "01:00:01:16 to 01:00:02:15" in read.text
    pictures = [str(item["alt"]) for item in read.all("img")]
    assert len(pictures) == 20
    assert "Frame 1023 with overlay: lost" in pictures
    assert f"Frame {FIRST} with overlay: prompt" in pictures


def test_a_report_that_cannot_be_read_is_told_in_its_shot(edit: MadeEdit, tmp_path: Path) -> None:
    out = copied(edit, tmp_path)
    older = json.loads((out / "steady/rotomatte.json").read_text())
    del older["colour"]
    (out / "steady/rotomatte.json").write_text(json.dumps(older))
    (out / "hidden/rotomatte.json").unlink()
    text = Page(write_page(out).read_text(encoding="utf-8")).text
    assert "Object missing required field `colour`" in text
    assert "hidden/rotomatte.json cannot be read: No such file or directory." in text
    assert "4 failed 0 to look at 0 done 1 skipped" in text


def test_what_is_gone_of_a_shot_is_told_and_the_rest_shown(edit: MadeEdit, tmp_path: Path) -> None:
    out = copied(edit, tmp_path)
    (out / "hidden/overlay.mp4").unlink()
    (out / "hidden/disc/disc.1009.exr").unlink()
    made = Page(write_page(out).read_text(encoding="utf-8"))
    assert "hidden/overlay.mp4 cannot be read: No such file or directory, so there is no contact sheet." in made.text
    assert "reckoned from the areas alone: The matte of frame 1009 is not there any more." in made.text
    # what was not measured is not compared with what was
    assert "hidden done 12 % 5 0 - 0.79 40" in made.text
    assert len(made.all("img")) == 10
    # what would have led to a picture leads to the curve
    inside = {str(item["href"])[1:] for item in made.all("a") if str(item["href"]).startswith("#")}
    assert "s2-o1-f1021" in inside
    assert inside <= set(made.ids)


def test_a_shot_that_failed_shows_what_an_earlier_run_left(edit: MadeEdit, tmp_path: Path) -> None:
    out = copied(edit, tmp_path)
    (out / "steady").rename(out / "wild")
    failed = next(item for item in edit.report.shots if item.state == "failed")
    write_edit_report(replace(edit.report, shots=(replace(failed, name="wild"),)), out)
    made = Page(write_page(out).read_text(encoding="utf-8"))
    assert "an earlier run left" in made.text
    assert "1 failed 0 to look at 0 done" in made.text
    assert len(made.all("img")) == 10


def test_a_single_job_has_a_page_too(tmp_path: Path) -> None:
    out = tmp_path / "mattes"
    run_disc(tmp_path, out)
    made = Page(write_page(out).read_text(encoding="utf-8"))
    assert not made.all("table")
    assert len(made.all("img")) == 10
    assert {str(item["href"]).split("#")[0] for item in made.all("a")} == {"", "overlay.mp4", "disc/"}
    assert "All shots" not in made.text


@pytest.mark.parametrize(
    ("profile", "links"),
    [("nuke", {"disc/"}), ("layers", {"./"}), ("cryptomatte", {"./"}), ("png", {"disc/"}), ("prores", {"./"})],
)
def test_flicker_is_measured_whatever_is_delivered(
    read: Page, tmp_path: Path, profile: Profile, links: set[str]
) -> None:
    out = tmp_path / "steady"
    run_disc(tmp_path, out, profile=profile)
    made = Page(write_page(out).read_text(encoding="utf-8"))
    (said,) = re.findall(r"Flicker [\d.]+ % of the matte, most on \d+\.", made.text)
    assert said in read.text
    assert {str(item["href"]).split("#")[0] for item in made.all("a")} == {"", "overlay.mp4", *links}


def test_the_same_folder_gives_the_same_page(edit: MadeEdit, page: Path) -> None:
    before = page.read_bytes()
    assert write_page(edit.out).read_bytes() == before


def test_a_folder_without_a_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JobError, match=r"neither rotomatte-edit\.json nor rotomatte\.json"):
        write_page(tmp_path)
    (tmp_path / "rotomatte-edit.json").write_text("{}")
    with pytest.raises(JobError, match="missing required field"):
        write_page(tmp_path)
    assert not (tmp_path / PAGE_NAME).exists()


def test_the_command_says_where_the_page_is(edit: MadeEdit, page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report_cli.report_command(edit.out)
    assert capsys.readouterr().out == f"{page}\n"
