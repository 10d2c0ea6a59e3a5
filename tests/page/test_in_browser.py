"""The page in Chromium, opened from the disk."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from tests.page.made_edit import WILD_NAME, MadeEdit

from rotomatte.page.write_page import write_page

_PROGRAMS = ("chromium", "chromedriver")
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    # no name leads anywhere, not even where there is a network
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


class Browser(webdriver.Chrome):
    """Chromium, and what it says of a page."""

    def look(self, *, width: int = 1280, height: int = 800, scheme: str = "light", media: str = "") -> None:
        """Take a size and a colour scheme."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})

    def requests(self) -> list[str]:
        """What was asked for since the last time."""
        messages = [json.loads(entry["message"])["message"] for entry in self.get_log("performance")]
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    def run(self, script: str, *values: Any) -> Any:
        return self.execute_script(script, *values)

    def is_in_view(self, element: WebElement) -> bool:
        return bool(
            self.run(
                "const box = arguments[0].getBoundingClientRect();"
                "return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0",
                element,
            )
        )

    def shots(self) -> list[str]:
        """The names in the table, from the top."""
        return [cell.text for cell in self.find_elements(By.CSS_SELECTOR, "#table tbody th")]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    missing = [name for name in _PROGRAMS if shutil.which(name) is None]
    if missing:
        said = f"{' and '.join(missing)} missing; on Debian: apt-get install chromium chromium-driver"
        # there it would be skipped for ever, and nobody would know
        pytest.fail(said) if os.environ.get("CI") else pytest.skip(said)
    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    for option in _OPTIONS:
        options.add_argument(option)
    browser = Browser(options, webdriver.ChromeService(shutil.which("chromedriver")))
    yield browser
    browser.quit()


@pytest.fixture
def opened(chromium: Browser, page: Path) -> Browser:
    """The edit's page, on a middling screen."""
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    chromium.look()
    chromium.requests()
    chromium.get_log("browser")
    chromium.get(page.as_uri())
    return chromium


def test_it_opens_without_a_word_or_a_request(opened: Browser, page: Path) -> None:
    assert opened.get_log("browser") == []
    asked = opened.requests()
    assert asked[0] == page.as_uri()
    assert all(url.startswith("data:") for url in asked[1:])
    # the style is in force, the script has run, and no name became a script
    assert opened.run("return getComputedStyle(document.body).margin") == "0px"
    assert opened.find_elements(By.CSS_SELECTOR, "#table thead button")
    assert WILD_NAME in opened.title
    assert WILD_NAME in opened.find_element(By.TAG_NAME, "h1").text


def test_its_policy_lets_nothing_in(opened: Browser) -> None:
    blocked = opened.execute_async_script(
        """
        const done = arguments[0], blocked = [];
        document.addEventListener("securitypolicyviolation", (event) => {
          blocked.push(event.effectiveDirective);
          if (blocked.length === 3) done(blocked.sort());
        });
        document.body.append(Object.assign(document.createElement("img"), { src: "http://localhost:9/x.png" }));
        fetch("http://localhost:9/").catch(() => null);
        const script = document.createElement("script");
        script.textContent = "document.title = 'taken'";
        document.body.append(script);
        """
    )
    assert blocked == ["connect-src", "img-src", "script-src-elem"]
    assert opened.title != "taken"


def test_every_picture_is_there(opened: Browser) -> None:
    pictures = opened.find_elements(By.TAG_NAME, "img")
    assert len(pictures) == 20
    for picture in pictures:
        found = opened.execute_async_script(
            "const [image, done] = arguments; image.decode().then(() => done([image.naturalWidth, image.naturalHeight]))",
            picture,
        )
        assert found == [160, 90]


def test_a_click_on_a_head_sorts(opened: Browser) -> None:
    def click(title: str) -> list[str]:
        (head,) = opened.find_elements(By.XPATH, f"//thead//button[normalize-space()='{title}']")
        head.click()
        return opened.shots()

    by_need = [WILD_NAME, "damaged", "hidden", "steady", "bare"]
    by_name = ["bare", "damaged", "hidden", "steady", WILD_NAME]
    assert opened.shots() == by_need
    assert click("Shot") == by_name
    assert click("Shot") == by_name[::-1]
    # the largest first; shots without a figure keep their order below
    assert click("Time")[:2] == ["hidden", "steady"]
    assert click("Score")[:2] == ["steady", "hidden"]
    (sorted_by,) = opened.find_elements(By.CSS_SELECTOR, "thead [aria-sort]")
    assert (sorted_by.text, sorted_by.get_attribute("aria-sort")) == ("Score", "descending")
    assert click("No.") == by_need


def test_the_table_sorts_by_keys(opened: Browser) -> None:
    (head,) = opened.find_elements(By.XPATH, "//thead//button[normalize-space()='Shot']")
    before = opened.find_element(By.XPATH, "//thead//button[normalize-space()='No.']")
    before.send_keys(Keys.TAB)
    assert opened.switch_to.active_element == head
    head.send_keys(Keys.ENTER)
    assert opened.shots()[0] == "bare"


@pytest.mark.parametrize(
    ("text", "target"), [("1021-1025", "s2-f1023"), ("1026-1028", "s2-f1026"), ("hidden", "s2"), ("All shots", "shots")]
)
def test_links_lead_to_what_they_name(opened: Browser, text: str, target: str) -> None:
    opened.find_element(By.LINK_TEXT, text).click()
    assert opened.current_url.endswith(f"#{target}")
    found = opened.find_element(By.CSS_SELECTOR, ":target")
    assert found.get_attribute("id") == target
    assert opened.run("return arguments[0].getBoundingClientRect().top", found) < 800
    if found.tag_name == "figure":
        assert opened.is_in_view(found)
        assert opened.run("return getComputedStyle(arguments[0]).outlineStyle", found) == "solid"


def test_a_picture_leads_to_its_frame_of_the_overlay(opened: Browser, edit: MadeEdit) -> None:
    (picture,) = opened.find_elements(By.CSS_SELECTOR, "#s2-f1023 a")
    picture.click()
    movie, seconds = opened.current_url.split("#t=")
    assert movie == (edit.out / "hidden/overlay.mp4").as_uri()
    # the 23rd frame of 24 a second
    assert 22 / 24 < float(seconds) < 23 / 24
    started_s = opened.execute_async_script(
        """
        const done = arguments[0], video = document.querySelector("video");
        const look = () => (video.seeking || video.readyState < 2 ? setTimeout(look, 20) : done(video.currentTime));
        look();
        """
    )
    # it plays on by itself
    assert started_s >= float(seconds)


def test_without_pictures_links_lead_to_the_curve(opened: Browser, edit: MadeEdit, tmp_path: Path) -> None:
    out = shutil.copytree(edit.out, tmp_path / "out")
    (out / "hidden/overlay.mp4").unlink()
    opened.get(write_page(out).as_uri())
    opened.find_element(By.LINK_TEXT, "1021-1025").click()
    found = opened.find_element(By.CSS_SELECTOR, ":target")
    assert found.get_attribute("id") == "s2-o1-f1021"
    assert opened.is_in_view(found)
    stroke = opened.run("return getComputedStyle(arguments[0]).stroke", found)
    other = opened.find_element(By.CSS_SELECTOR, ".spot:not(:target)")
    assert stroke != opened.run("return getComputedStyle(arguments[0]).stroke", other)
    # where frame 1021 is between 1001 and 1040, and so is the line
    plot = opened.run("return arguments[0].ownerSVGElement.getBoundingClientRect()", found)
    middle = found.rect["x"] + found.rect["width"] / 2
    left, right = (plot["left"] + plot["width"] * at / 480 for at in (40, 472))
    assert middle == pytest.approx(left + (right - left) * 20.5 / 40, abs=2)


@pytest.mark.parametrize("width", [320, 768, 1920, 3840])
def test_no_width_needs_scrolling_sideways(opened: Browser, width: int) -> None:
    opened.look(width=width)
    assert opened.run("return innerWidth") == width
    assert (
        opened.run("const { scrollWidth, clientWidth } = document.documentElement; return scrollWidth - clientWidth")
        == 0
    )
    for figure in opened.find_elements(By.CSS_SELECTOR, "figure"):
        assert figure.rect["width"] > 100
        assert figure.rect["x"] + figure.rect["width"] <= width


def luminance(colour: str) -> float:
    """Of a CSS colour without alpha, as WCAG 2.2 defines it."""
    codes = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [code / 12.92 if code <= 0.04045 else ((code + 0.055) / 1.055) ** 2.4 for code in codes]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_both_schemes(opened: Browser, scheme: str) -> None:
    opened.look(scheme=scheme)
    ground = opened.run("return getComputedStyle(document.body).backgroundColor")
    assert (luminance(ground) < 0.1) == (scheme == "dark")
    card = opened.run("return getComputedStyle(document.querySelector('.shot')).backgroundColor")
    for part in (".shot", ".quiet", ".facts dt", "figcaption span", ".shot a", ".badge"):
        colour = opened.run(f"return getComputedStyle(document.querySelector('{part}')).color")
        for behind in (ground, card):
            darker, lighter = sorted((luminance(colour), luminance(behind)))
            # WCAG 2.2, success criterion 1.4.3
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, part


def test_paper_is_white(opened: Browser) -> None:
    opened.look(scheme="dark", media="print")
    assert luminance(opened.run("return getComputedStyle(document.body).backgroundColor")) == 1
    assert luminance(opened.run("return getComputedStyle(document.body).color")) == 0


def test_what_is_not_text_is_named(opened: Browser) -> None:
    for element in opened.find_elements(By.CSS_SELECTOR, "img, svg[role=img], thead button, .wide, section"):
        assert element.accessible_name, element.get_attribute("outerHTML")
    for svg in opened.find_elements(By.CSS_SELECTOR, "svg:not([role=img])"):
        assert svg.get_attribute("aria-hidden") == "true"
    levels = [int(head.tag_name[1]) for head in opened.find_elements(By.CSS_SELECTOR, "h1, h2, h3, h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_it_can_do_without_its_script(opened: Browser, page: Path) -> None:
    opened.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    opened.get(page.as_uri())
    assert not opened.find_elements(By.CSS_SELECTOR, "thead button")
    assert opened.shots()[0] == WILD_NAME
    opened.find_element(By.LINK_TEXT, "1021-1025").click()
    assert opened.is_in_view(opened.find_element(By.CSS_SELECTOR, ":target"))
