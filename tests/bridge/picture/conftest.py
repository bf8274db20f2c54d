"""Share a browser among the tests of a module: its driver keeps an event loop running."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bridge.sound.soundfonts import lack, soundfonts
from tests.bridge.picture.visit import Visit
from tests.conftest import do_without

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

FLAGS = ("--no-sandbox", "--disable-gpu")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield Chromium without a window."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        do_without("Chromium is not installed (Debian: chromium), so no page can be opened")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=found, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def soundfont() -> None:
    """Skip where no soundfont can be played."""
    if not soundfonts():
        do_without(lack())


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """Yield what opens a page from its text; what it asks for and complains of is written down."""
    pages: list[Page] = []

    def opened(text: str, *, first: str = "", **wishes: object) -> Visit:
        path = tmp_path / f"page-{len(pages)}.html"
        path.write_text(text, encoding="utf-8")
        page = browser.new_page(**{"viewport": {"width": 1200, "height": 900}, **wishes})  # type: ignore[arg-type]
        pages.append(page)
        page.set_default_timeout(20_000)
        if first:
            page.add_init_script(first)
        return Visit(page, path.as_uri())

    yield opened
    for page in pages:
        page.close()
