"""Draw the page on which one hears before and after: python docs/make_listen_picture.py.

It humanizes the example, renders both by the soundfont of the system, opens the page in Chromium
and draws what it shows while the second version is heard.
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from bridge.command.main import main as yuragi

HERE = Path(__file__).parent

SONG = HERE.parent / "examples" / "song.mid"

PICTURE = HERE / "pictures" / "listen.png"

SEED = "1"

WIDTH, HEIGHT, SCALE = 1200, 860, 4 / 3
"""Of the window in px, and how many px of the picture each becomes."""

BEAT = 22
"""Where the head stands."""


def main(path: Path = PICTURE) -> None:
    """Make the page, and write the picture."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not installed (Debian: chromium), so no page can be opened")
    with TemporaryDirectory() as folder:
        human, page = Path(folder) / "played.mid", Path(folder) / "listen.html"
        yuragi(["humanize", str(SONG), "-o", str(human), "--seed", SEED])
        yuragi(["show", str(SONG), str(human), "-o", str(page), "--audio"])
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            window = browser.new_page(
                viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE
            )
            window.goto(page.as_uri())
            window.keyboard.press("b")
            window.evaluate(f"transport.seek({BEAT})")
            # the waveform is there when the sound is decoded
            window.evaluate("transport.player.heard.load().then(() => transport.show())")
            window.screenshot(path=path)
            browser.close()


if __name__ == "__main__":
    main()
