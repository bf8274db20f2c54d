"""Humanize the examples through a real server, draw what changed, let it be heard, write new parts.

It starts `yuragi serve`, runs the commands that you would type, and prints each of them. What it
writes lies in `out/`. The server remembers how it was started, unless another one has that is still
there: from then on Live devices find it.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
OUT = HERE.parent / "out"
YURAGI = Path(sys.executable).with_name("yuragi")

HUMANIZED = (("piano", "piano/played"), ("drums", "drums/pocket"), ("song", "band/natural"))
"""The examples and the preset for each."""

REFUSED = 2
"""The exit code of a command that has said in a sentence what the user can mend."""


def main() -> None:
    """Run the demonstration."""
    OUT.mkdir(exist_ok=True)
    with server() as address:
        for name, preset in HUMANIZED:
            source, result = HERE / f"{name}.mid", OUT / f"{name}_played.mid"
            options = ["--preset", preset, "--seed", "1", "--server", address, "--overwrite"]
            yuragi("humanize", source, "-o", result, *options)
            for kind in ("html", "png"):
                yuragi("show", source, result, "-o", OUT / f"{name}.{kind}", "--overwrite")
        beat = ["--bars", "4", "--key", "A minor pentatonic", "--pitch", "45,57,64,72"]
        options = ["--seed", "1", "--server", address, "--overwrite"]
        yuragi("generate", "euclid", "-o", OUT / "euclid.mid", *beat, *options)
        to_the_bass = ["--input", HERE / "song.mid", "--track", "bass", "--bars", "8"]
        yuragi("generate", "drumify", *to_the_bass, "-o", OUT / "drumify.mid", *options)
        last_beats = ["--input", HERE / "drums.mid", "--beats", "4"]
        yuragi("generate", "fill", *last_beats, "-o", OUT / "fill.mid", *options)
        yuragi(
            "groove", "apply", "boom-bap", HERE / "drums.mid", "-o", OUT / "boom-bap.mid", *options
        )
    played = OUT / "song_played.mid"
    heard = hear("show", HERE / "song.mid", played, "-o", OUT / "song_heard.html", "--audio")
    heard = heard and hear("render", played, "-o", OUT / "song_played.wav")
    page = OUT / ("song_heard.html" if heard else "song.html")
    print(f"\nOpen {page} in a browser; play the .mid files beside it in any DAW.")


@contextmanager
def server() -> Iterator[str]:
    """Yield the address of `yuragi serve`, on a free port."""
    command = [str(YURAGI), "serve", "--bind", "tcp://127.0.0.1:0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        print(f"$ yuragi serve\n{line.strip()}")
        yield line.split()[-1]
    finally:
        process.terminate()
        process.wait(timeout=10)


def hear(*arguments: str | Path) -> bool:
    """Run a command that makes sound, and return whether it could: else it says what to install."""
    try:
        yuragi(*arguments, "--overwrite")
    except subprocess.CalledProcessError as error:
        if error.returncode != REFUSED:
            raise
        return False
    return True


def yuragi(*arguments: str | Path) -> None:
    """Print a command as one would type it, and run it."""
    shown = " ".join(
        str(a.relative_to(HERE.parent)) if isinstance(a, Path) else f'"{a}"' if " " in a else a
        for a in arguments
    )
    print(f"\n$ yuragi {shown}", flush=True)
    subprocess.run([YURAGI, *arguments], check=True)


if __name__ == "__main__":
    main()
