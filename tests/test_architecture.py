"""The house's rules, checked on the house itself."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("engines", "bridge", "vst_host")
PACKAGES = (*OURS, "tests", "benchmarks", "examples")

MAY_IMPORT = {
    "engines": {"engines"},
    "bridge": {"bridge", "engines"},
    "vst_host": {
        "vst_host",
        "engines.clip",
        "bridge.blame",
        "bridge.message",
        "bridge.outgoing",
        "bridge.protocol",
        "bridge.sound.bundle",
        "bridge.sound_protocol",
        "bridge.witness",
    },
}
"""Which of our own packages each may import: arrows point one way."""

LEARNING = ("engines/models", "engines/training")
"""Where models are made. Whoever only plays has not installed what these need."""

MAKING_MODELS = {
    "msgspec",
    "numpy",
    "onnx",
    "onnxruntime",
    "scipy",
    "sklearn",
    "symusic",
    "torch",
}

THIRD_PARTY = {
    "engines": {"numpy", "msgspec"},
    "engines/performance": {"numpy", "msgspec", "onnxruntime"},
    **dict.fromkeys(LEARNING, MAKING_MODELS),
    "bridge": {
        "aalink",
        "click",
        "jack",
        "mido",
        "msgpack",
        "msgspec",
        "numpy",
        "platformdirs",
        "resvg_py",
        "rich",
        "pyloudnorm",
        "rtmidi",
        "scipy",
        "soundfile",
        "zmq",
    },
    "vst_host": {"fluidsynth", "msgspec", "numpy", "pedalboard", "zmq"},
}
"""What each folder may use of others' work; the longest that fits counts."""

OWN = {"engines", "bridge", "vst_host", "presets", "tests"}

ONLY_IN = {
    "aalink": {"link"},
    "zmq": {
        "server",
        "outgoing",
        "client",
        "async_client",
        "worker",
        "floor",
        "bench",
        "host_wire",
        "door",
    },
    "pedalboard": {"library", "floor"},
    "fluidsynth": {"library", "floor"},
    "mido": {"midi"},
    "jack": {"jack"},
    "rtmidi": {"rtmidi"},
    "resvg_py": {"png"},
    "pyloudnorm": {"loudness"},
    "rich": {"live"},
    "scipy": {"limiter", "loudness"},
    "soundfile": {"audio_file"},
    "onnxruntime": {"runtime"},
}
"""Effects live at the rim: the files, by the beginning of their names, that touch each library."""


LIVE = ROOT / "max_for_live"

ROOMS = {
    "wire": set(),
    "node": {"wire", "node:", "@msgpack/msgpack"},
    "live": {"wire"},
    "tool": {"wire", "live"},
    "devices": {"patch"},
    "patch": {"node:", "esbuild"},
}
"""What each room of the Live devices may import, beside its own files; "node:" is all of Node's."""

NAMED_IN = {
    "LiveAPI": {"live/live_api.ts", "live/max.d.ts"},
    "max-api": {"node/max_api.ts"},
}
"""The only scripts that name what reaches out of them, of those that run in Max."""

IMPORT = re.compile(
    r'^(?:import|export)\b(?:[^;"=]*\bfrom)? *"([^"]+)"|\b(?:require|import)\(\s*"([^"]+)"',
    re.MULTILINE,
)
"""An import in TypeScript as prettier writes it, or a call that loads a module."""

MAKES_DEVICES = re.compile(r"patch/make\w*\.ts")
"""The scripts that people run; they bring the devices to what builds them."""


def sources(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            assert node.names[0].name != "*", f"{path} has a star import"
            yield node.module or ""


def scripts() -> list[Path]:
    folders = [LIVE / room for room in (*ROOMS, "tests")]
    return [*LIVE.glob("*.ts"), *(path for room in folders for path in sorted(room.rglob("*.ts")))]


def code_of(path: Path) -> str:
    """Return a script without its comments."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", "", text, flags=re.DOTALL)


def room_of(path: Path) -> str:
    return path.relative_to(LIVE).parts[0]


def imported(path: Path) -> Iterator[str]:
    """Yield what a script imports: a file of ours as its room, all else by its name."""
    for found in IMPORT.finditer(code_of(path)):
        name = found[1] or found[2]
        yield room_of((path.parent / name).resolve()) if name.startswith(".") else name


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def makes_models(path: Path) -> bool:
    return name_of(path).startswith(tuple(f"{folder}/" for folder in LEARNING))


def third_party(path: Path) -> set[str]:
    fits = [folder for folder in THIRD_PARTY if name_of(path).startswith(f"{folder}/")]
    return THIRD_PARTY[max(fits, key=len)]


@pytest.mark.parametrize("path", list(sources(*OURS)), ids=name_of)
def test_a_file_imports_only_what_its_package_may(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    for name in imports(path):
        top = name.split(".")[0]
        if top in OWN:
            allowed = MAY_IMPORT[package]
            assert any(name == a or name.startswith(f"{a}.") for a in allowed), name
        elif top not in sys.stdlib_module_names:
            assert top in third_party(path), name


@pytest.mark.parametrize("path", list(sources(*OURS)), ids=name_of)
def test_effects_live_at_the_rim(path: Path) -> None:
    for name in [] if makes_models(path) else imports(path):
        rim = ONLY_IN.get(name.split(".")[0])
        assert rim is None or any(path.stem.startswith(stem) for stem in rim), name


@pytest.mark.parametrize("path", list(sources(*PACKAGES)), ids=name_of)
def test_onnxruntime_is_not_loaded_before_it_is_told_to_be_private(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    at_once = [line for line in tree.body if isinstance(line, ast.Import | ast.ImportFrom)]
    assert not any("onnxruntime" in ast.unparse(line) for line in at_once)


@pytest.mark.parametrize("path", list(sources(*OURS)), ids=name_of)
def test_what_plays_does_not_need_what_makes_models(path: Path) -> None:
    making = {folder.replace("/", ".") for folder in LEARNING}
    for name in [] if makes_models(path) else imports(path):
        assert ".".join(name.split(".")[:2]) not in making, name


def test_no_module_of_ours_imports_itself_in_a_circle() -> None:
    graph = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): {
            name for name in imports(path) if name.split(".")[0] in OURS
        }
        for path in sources(*OURS)
    }
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail, module))
        if module not in done:
            for other in graph.get(module, ()):
                visit(other, (*trail, module))
            done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("path", list(sources(*PACKAGES)), ids=name_of)
def test_no_file_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_nine_functions_of_ten_are_shorter_than_25_lines() -> None:
    lengths = [
        (node.end_lineno or 0) - node.body[0].lineno + 1
        for path in sources(*OURS)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert sorted(lengths)[int(len(lengths) * 0.9)] < 25


@pytest.mark.parametrize("path", list(sources(*OURS)), ids=name_of)
def test_no_file_is_called_after_nothing(path: Path) -> None:
    assert not re.search(r"util|helper|misc|common|manager|handler", path.stem)


@pytest.mark.parametrize(
    "path", [p for p in sources(*OURS) if p.name == "__init__.py"], ids=name_of
)
def test_an_init_file_holds_sorted_public_names_and_nothing_else(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    *_, last = tree.body
    assert isinstance(last, ast.Assign | ast.AnnAssign)
    assert isinstance(last.value, ast.List)
    names = [ast.literal_eval(element) for element in last.value.elts]
    assert names == sorted(names)
    assert all(
        isinstance(node, ast.Expr | ast.ImportFrom | ast.Assign | ast.AnnAssign)
        for node in tree.body
    )


@pytest.mark.parametrize(
    "code", ["import bridge.client", "import engines.registry as r; r.engines()"]
)
def test_the_client_and_the_catalogue_load_no_model_library(code: str) -> None:
    check = f"import sys; {code}; print({{'torch', 'onnxruntime'}} & set(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "set()"


def test_the_live_devices_have_all_their_rooms() -> None:
    assert [room for room in ROOMS if not (LIVE / room).is_dir()] == []


@pytest.mark.parametrize("path", scripts(), ids=name_of)
def test_no_script_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", [p for p in scripts() if room_of(p) in ROOMS], ids=name_of)
def test_a_script_imports_only_what_its_room_may(path: Path) -> None:
    allowed = {room_of(path)} | ROOMS[room_of(path)]
    if MAKES_DEVICES.fullmatch(path.relative_to(LIVE).as_posix()):
        allowed |= {"devices"}
    if path == LIVE / "node" / "max_api.ts":
        allowed |= {"max-api"}
    assert [n for n in imported(path) if n not in allowed and n[:5] not in allowed] == []


@pytest.mark.parametrize(("word", "rim"), NAMED_IN.items())
def test_only_one_script_reaches_into_live_or_max(word: str, rim: set[str]) -> None:
    running = [path for path in scripts() if room_of(path) in {"wire", "node", "live", "tool"}]
    named = {path.relative_to(LIVE).as_posix() for path in running if word in code_of(path)}
    assert named <= rim


@pytest.mark.parametrize("path", [p for p in scripts() if room_of(p) != p.name], ids=name_of)
def test_a_script_names_what_it_exports(path: Path) -> None:
    assert not re.search(r"\bexport\s+default\b|\bas\s+default\b", code_of(path))


def tracked_text() -> Iterator[tuple[str, str]]:
    listing = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listing.stdout.splitlines():
        path = ROOT / name
        if (
            path.suffix in {".py", ".toml", ".md", ".txt", ".ts", ".json", ".yaml", ""}
            and path.is_file()
        ):
            yield name, path.read_text(encoding="utf-8", errors="replace")


def test_no_file_names_an_index_of_packages_or_a_path_of_one_machine() -> None:
    forbidden = re.compile(r"--(extra-)?index-url|/(?:root|home)/\w|\"resolved\": *\"http")
    for name, text in tracked_text():
        if name != "tests/test_architecture.py":
            assert not forbidden.search(text), name
