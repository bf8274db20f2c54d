"""Build the test plug-ins, once for each state of their sources."""

import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import NamedTuple

SOURCES = Path(__file__).with_name("source")

DPF = Path("/usr/share/dpf/distrho")
"""Where Debian's dpf-source lies."""

ARCH = f"{platform.machine()}-linux"
"""What the folder of binaries in a bundle is called. Source: VST3 SDK, plug-in format structure."""


class Recipe(NamedTuple):
    """Say what a plug-in is made of: its source, its code of four letters, and what is defined."""

    source: str
    code: str
    synth: bool = False
    outputs: int = 2
    defined: tuple[str, ...] = ()

    @property
    def definitions(self) -> Iterable[str]:
        """All definitions but the name."""
        inputs = 0 if self.synth else self.outputs
        yield from (f"CODE={self.code}", f"SYNTH={int(self.synth)}", f"INPUTS={inputs}")
        yield from (f"OUTPUTS={self.outputs}", *self.defined)
        yield from (f"{one}=0" for one in ("STATE", "LATENCY") if f"{one}=1" not in self.defined)


RECIPES = {
    "Test Synth": Recipe("synth", "tSyn", synth=True),
    "Test Mono": Recipe("synth", "tMon", synth=True, outputs=1),
    "Test State": Recipe("synth", "tSta", synth=True, defined=("STATE=1",)),
    "Test Crash Note": Recipe("synth", "tCrN", synth=True, defined=("FATAL_NOTE=500",)),
    "Test Hang Note": Recipe("synth", "tHaN", synth=True, defined=("HANGING_NOTE=3",)),
    "Test Crash End": Recipe("synth", "tCrE", synth=True, defined=("FATAL_END=1",)),
    "Test Slow": Recipe("synth", "tSlo", synth=True, defined=("SLOW_US=4000",)),
    "Test Hiss": Recipe("synth", "tHis", synth=True, defined=("HISS=5e-4f",)),
    "Test Late": Recipe("synth", "tLaS", synth=True, defined=("LATENCY=1",)),
    "Test Around": Recipe("synth", "tAro", synth=True, outputs=4),
    "Test Gain": Recipe("gain", "tGai"),
    "Test Mono Gain": Recipe("gain", "tMoG", outputs=1),
    "Test Around Gain": Recipe("gain", "tArG", outputs=4),
    "Test Latency": Recipe("latency", "tLat", defined=("LATENCY=1",)),
    "Test Mono Latency": Recipe("latency", "tMoL", outputs=1, defined=("LATENCY=1",)),
    "Test Crash": Recipe("crash", "tCra", synth=True),
    "Test Hang": Recipe("hang", "tHan", synth=True),
}
"""The plug-ins by their names, which are those of their bundles too."""


def missing() -> str:
    """Return what must be installed to build them, or nothing."""
    if shutil.which("g++") is None:
        return "g++ is not installed (Debian: g++), so no plug-ins can be built to be tested with"
    if not DPF.is_dir():
        return "DPF is not installed (Debian: dpf-source), so no plug-ins can be built"
    return ""


def bundles() -> Path:
    """Return the folder of the built bundles, such as `Test Synth.vst3`; nobody may change it."""
    import fcntl  # noqa: PLC0415 - there is none on Windows

    built = Path(gettempdir(), f"yuragi-plugins-{os.getuid()}-{_fingerprint()}")
    with Path(f"{built}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several processes of the tests want them at once
        if not built.is_dir():
            with TemporaryDirectory(dir=built.parent, prefix="yuragi-build-") as draft:
                _build_all(Path(draft, "bundles"))
                Path(draft, "bundles").rename(built)
    return built


def bundle(folder: Path, name: str, binary: bytes = b"", arch: str = ARCH) -> Path:
    """Make a bundle of a binary that need not be one."""
    path = folder / f"{name}.vst3" / "Contents" / arch / f"{name}.so"
    path.parent.mkdir(parents=True)
    path.write_bytes(binary)
    return folder / f"{name}.vst3"


def _build_all(folder: Path) -> None:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done in [pool.submit(_build, folder, name) for name in RECIPES]:
            done.result()


def _build(folder: Path, name: str) -> None:
    recipe = RECIPES[name]
    binary = bundle(folder, name) / "Contents" / ARCH / f"{name}.so"
    flags = "-O2 -fPIC -shared -std=gnu++17 -fvisibility=hidden -DDISTRHO_PLUGIN_TARGET_VST3"
    defined = [f"-D{one}" for one in (f'NAME="{name}"', *recipe.definitions)]
    sources = [str(SOURCES / f"{recipe.source}.cpp"), str(DPF / "DistrhoPluginMain.cpp")]
    where = [f"-I{SOURCES}", f"-I{DPF}", "-o", str(binary)]
    command = ["g++", *flags.split(), *defined, *sources, *where]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{name} cannot be built: {ran.stderr}"


def _fingerprint() -> str:
    sources = [Path(__file__), *sorted(SOURCES.iterdir()), DPF / "DistrhoPluginUtils.hpp"]
    return sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()[:16]
