"""The user's file says who plays what, and no slip in it is silent."""

import re
from pathlib import Path

import pytest

from bridge.command.sound_options import chosen
from bridge.error import BridgeError
from bridge.home import home
from bridge.sound.catalogue import PluginShelf
from bridge.sound.fault import SoundError
from bridge.sound.instrument_file import parse
from bridge.sound.instruments import Instruments, read_instruments
from bridge.sound.plugin_name import is_path
from bridge.sound.resolution import resolve
from bridge.sound_protocol import Description, Instrument, Plugin
from tests.bridge.sound.soundfont import soundfont

DOCS = Path(__file__).parents[3] / "docs" / "instruments.md"


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the user's only soundfont, the first that is found on any machine."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = soundfont(tmp_path / "Own.sf2")
    monkeypatch.setenv("SDL_SOUNDFONTS", str(path))
    return path


def find(name: str, kind: str) -> Description:
    """Know plug-ins by name, and be asked for the right kind."""
    kinds = {"Grand": "instrument", "Hall": "effect", "Broken": "", "A/B Synth": "instrument"}
    if name not in kinds:
        near = {"instrument": "Grand", "effect": "Hall"}[kind]
        raise BridgeError(f"plug-in is {name!r}, allowed are {near}")
    fault = "is for another machine" if name == "Broken" else ""
    return Description(path=f"/plugins/{name}.vst3", name=name, kind=kinds[name], fault=fault)


def read(folder: Path, text: str) -> Instruments:
    """Return the instruments of a file with this text."""
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return read_instruments(path, find)


def test_without_a_file_a_soundfont_plays_everything(own: Path) -> None:
    instruments = read_instruments()
    assert instruments.for_part("Bass", "bass") == Instrument(soundfont=str(own))
    assert instruments.master == ()


def test_the_users_own_file_is_read_where_none_is_named() -> None:
    home().mkdir(parents=True)
    (home() / "instruments.toml").write_text("[default]\nprogram = 7\n")
    assert read_instruments().for_part().program == 7


def test_a_tracks_name_counts_before_its_role_and_that_before_the_default(tmp_path: Path) -> None:
    text = '[default]\npan = 0.1\n[role.bass]\npan = 0.2\n[track."Sub Bass"]\npan = 0.3\n'
    instruments = read(tmp_path, text)
    parts = [("Sub Bass", "bass"), (" sub bass ", "lead"), ("Bass", "bass"), ("Bass", "lead")]
    assert [instruments.for_part(*part).pan for part in parts] == [0.3, 0.3, 0.2, 0.1]


def test_all_that_an_instrument_may_have_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.vstpreset").write_bytes(b"preset")
    (tmp_path / "a.state").write_bytes(b"state")
    text = """
        patience_s = 3
        load_s = 50.5
        [role.piano]
        plugin = "Grand"
        preset = "a.vstpreset"
        state = "a.state"
        parameters = { Hall = 1, Lid = "open", Soft = true }
        gain_db = -6
        pan = -0.5
        [[role.piano.effect]]
        plugin = "Hall"
        [[role.piano.effect]]
        plugin = "builtin:gain"
        parameters = { gain_db = 2.5 }
        [[master]]
        plugin = "Hall"
    """
    instruments = read(tmp_path, text)
    hall = Plugin("/plugins/Hall.vst3", "Hall")
    grand = Plugin(
        "/plugins/Grand.vst3",
        "Grand",
        preset=str(tmp_path / "a.vstpreset"),
        state=b"state",
        parameters={"Hall": 1.0, "Lid": "open", "Soft": True},
    )
    gain = Plugin("builtin:gain", parameters={"gain_db": 2.5})
    assert instruments.for_part(role="piano") == Instrument(
        plugin=grand, effects=(hall, gain), gain_db=-6.0, pan=-0.5
    )
    assert instruments.master == (hall,)
    assert (instruments.patience_s, instruments.load_s) == (3.0, 50.5)


def test_paths_begin_in_the_folder_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    font = soundfont(tmp_path / "fonts" / "upright.sf2")
    text = '[default]\nsoundfont = "fonts/upright.sf2"\n'
    assert read(tmp_path, text).for_part().soundfont == str(font)


def test_a_soundfont_that_is_found_may_be_named_in_any_case(tmp_path: Path, own: Path) -> None:
    instruments = read(tmp_path, '[default]\nsoundfont = "OWN"\n')
    assert instruments.for_part().soundfont == str(own)


def test_what_is_missing_harms_only_the_part_that_needs_it(tmp_path: Path, own: Path) -> None:
    instruments = read(tmp_path, '[role.bass]\nplugin = "Gone"\n')
    assert instruments.for_part(role="piano").soundfont == str(own)
    with pytest.raises(SoundError):
        instruments.for_part(role="bass")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "gain = 1",
            "gain is unknown, allowed are default, role, track, master, patience_s, load_s",
        ),
        ("patience_s = 0", "patience_s is 0, allowed are numbers from 0.1 to 600"),
        ("role = 3", "role is 3, allowed are maps of texts to maps"),
        ("role.piano = 3", "role.piano is 3, allowed are maps"),
        (
            "[role.paino]",
            "role has 'paino', allowed are piano, keys, bass, lead, strings, guitar, winds, pad,"
            " drums; did you mean piano?",
        ),
        ("[role.base]", "role has 'base', allowed are piano, keys, bass, "),
        (
            "[role.bass]\ngain_db = 99",
            "role.bass.gain_db is 99, allowed are numbers from -96 to 2",
        ),
        ("[role.bass]\npan = nan", "role.bass.pan is nan, allowed are numbers from -1 to 1"),
        ("[role.bass]\nplugn = 'x'", "role.bass.plugn is unknown, allowed are plugin, name, "),
        (
            "[track.'A b']\nplugin = 3",
            'track."A b".plugin is 3, allowed are texts of at most 4096 characters',
        ),
        (
            "[default]\nprogram = 128",
            "default.program is 128, allowed are whole numbers from 0 to 127",
        ),
        (
            "[default]\nplugin = 'Grand'\nsoundfont = 'x.sf2'",
            "default.soundfont is 'x.sf2' beside a plugin, allowed is one of the two",
        ),
        (
            "[default]\nplugin = 'Grand'\nprogram = 1",
            "default.program is given, allowed is that for a soundfont only",
        ),
        (
            "[default]\nstate = 'x'",
            "default.state is given, allowed is that for a plugin only",
        ),
        (
            "[[default.effect]]\nname = 'x'",
            "default.effect[0].plugin is missing, allowed are names and paths",
        ),
        (
            "[[master]]\nplugin = 'Hall'\n[[master]]\nplugin = 'Hall'\nparameters = {a = [1]}",
            "master[1].parameters.a is [1], allowed are true or false or numbers or texts",
        ),
        (
            "[default]\nplugin = 'Grand'\nparameters = {a = inf}",
            "default.parameters.a is inf, allowed are finite numbers",
        ),
        (
            "[track.Lead]\npan = 1\n[track.' lead']\npan = -1",
            'track." lead" is track.Lead again, for capital letters do not count; allowed is one',
        ),
        ("[default]\nplugin = ''", "default.plugin is empty, allowed are names and paths"),
        ("[role.bass]\nsoundfont = ''", "role.bass.soundfont is empty, allowed are names"),
        (f"a = {'[' * 2000}", "it has lists in lists, allowed are no more than effects need"),
        ("[default", "it is no TOML: Expected ']' at the end of a table declaration"),
    ],
)
def test_a_slip_is_named_with_file_field_value_and_what_is_allowed(
    text: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(SoundError) as refused:
        read(tmp_path, text)
    assert str(refused.value).startswith(f"{tmp_path / 'mine.toml'}: {sentence}")


@pytest.mark.parametrize(
    ("entry", "field", "sentence"),
    [
        ("plugin = 'Gran'", "plugin", ": plug-in is 'Gran', allowed are Grand"),
        (
            "effect = [{plugin = 'Gran'}]",
            "effect[0].plugin",
            ": plug-in is 'Gran', allowed are Hall",
        ),
        ("plugin = 'Hall'", "plugin", " is 'Hall', an effect, allowed are instruments"),
        ("plugin = 'builtin:gain'", "plugin", " is 'builtin:gain', an effect, allowed are instr"),
        ("plugin = 'Broken'", "plugin", " is 'Broken', which is for another machine"),
        ("plugin = 'Grand'\npreset = 'no'", "preset", " is 'HERE/no', which is not there"),
        (
            "plugin = '~nobody-here/x.vst3'",
            "plugin",
            ": plug-in is 'HERE/~nobody-here/x.vst3', allowed are",
        ),
        (
            "effect = [{plugin = 'builtin:gain', name = 'x'}]",
            "effect[0].name",
            " is given, allowed is that for plug-ins that are no builtin: effects",
        ),
        ("plugin = 'Grand'\nstate = 'no'", "state", " is 'HERE/no', which is not there"),
        ("soundfont = 'no.sf2'", "soundfont", " is 'HERE/no.sf2', which cannot be read: No such"),
        ("soundfont = 'Fluid'", "soundfont", " is 'Fluid', allowed are paths and Own"),
        ("soundfont = './mine.toml'", "soundfont", " is 'HERE/mine.toml', which is no soundfont"),
        ("effect = [{plugin = ''}]", "effect[0].plugin", " is empty, allowed are names and paths"),
        ("effect = [{plugin = 'Grand'}]", "effect[0].plugin", " is 'Grand', an instrument, allow"),
    ],
)
def test_what_cannot_be_had_is_named_when_a_part_asks_for_it(
    entry: str, field: str, sentence: str, tmp_path: Path
) -> None:
    instruments = read(tmp_path, f"[default]\n{entry}\n")
    with pytest.raises(SoundError) as refused:
        instruments.for_part()
    wanted = f"{tmp_path / 'mine.toml'}: default.{field}{sentence.replace('HERE', str(tmp_path))}"
    assert str(refused.value).startswith(wanted)
    assert refused.value.field == f"default.{field}"


def test_the_soundfont_that_a_wrong_name_may_have_meant_is_told() -> None:
    with pytest.raises(SoundError, match="is 'ownn', allowed are paths and Own") as refused:
        resolve(Instrument(soundfont="ownn"), find)
    assert str(refused.value).endswith("; did you mean Own?")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match=r"no\.toml cannot be read: No such file or directory"):
        read_instruments(tmp_path / "no.toml")


def test_one_instrument_for_all_keeps_the_master_chain(tmp_path: Path) -> None:
    text = "[role.bass]\npan = 1\n[[master]]\nplugin = 'Hall'\n"
    instruments = read(tmp_path, text).only(Instrument(plugin=Plugin("Grand")))
    plays = instruments.for_part("x", "bass")
    assert plays == Instrument(plugin=Plugin("/plugins/Grand.vst3", "Grand"))
    assert [effect.name for effect in instruments.master] == ["Hall"]


def test_a_file_may_begin_with_a_mark_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[default]\nprogram = 7\n", encoding="utf-8-sig")
    assert read_instruments(path).for_part().program == 7


def test_a_name_too_long_for_any_file_is_not_there(tmp_path: Path) -> None:
    instruments = read(tmp_path, f"[default]\nplugin = 'Grand'\nstate = '{'x' * 4000}'\n")
    with pytest.raises(SoundError, match="which is not there; allowed are paths of files"):
        instruments.for_part()


def test_a_name_may_have_a_slash(tmp_path: Path) -> None:
    instruments = read(tmp_path, '[default]\nplugin = "A/B Synth"\n')
    assert instruments.for_part().plugin == Plugin("/plugins/A/B Synth.vst3", "A/B Synth")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("A/B Synth", False),
        ("Grand", False),
        ("builtin:gain", False),
        ("plug-ins/Grand.vst3", True),
        ("fonts/upright.SF2", True),
        ("/opt/Grand", True),
        ("~/Grand", True),
        ("../Grand", True),
    ],
)
def test_a_path_is_told_from_a_name(text: str, meant: bool) -> None:
    assert is_path(text) == meant


def test_a_clients_soundfont_may_be_told_from_home_or_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    font = soundfont(tmp_path / "upright.sf2")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for given in ("~/upright.sf2", "upright.sf2"):
        assert resolve(Instrument(soundfont=given), find).soundfont == str(font)


@pytest.mark.parametrize(
    ("asked", "field", "sentence"),
    [
        (
            Instrument(Plugin("Grand"), "x.sf2"),
            "soundfont",
            "is 'x.sf2' beside a plug-in, allowed is one of the two",
        ),
        (
            Instrument(Plugin("Grand"), program=5),
            "program",
            "is 5 beside a plug-in, allowed is that for a soundfont only",
        ),
        (
            Instrument(effects=(Plugin("builtin:gain", state=b"x"),)),
            "effects[0].state",
            "is given, allowed is that for plug-ins that are no builtin: effects",
        ),
        (
            Instrument(soundfont="~nobody-here/x.sf2"),
            "soundfont",
            "is '~nobody-here/x.sf2', which cannot be read: No such file or directory; allowed are"
            " .sf2 and .sf3 files",
        ),
        (
            Instrument(soundfont="/etc/passwd"),
            "soundfont",
            "is '/etc/passwd', which is no soundfont, allowed are .sf2 and .sf3 files",
        ),
    ],
)
def test_what_would_be_ignored_or_cannot_be_read_is_refused(
    asked: Instrument, field: str, sentence: str
) -> None:
    with pytest.raises(SoundError) as refused:
        resolve(asked, find)
    assert str(refused.value) == f"instrument.{field} {sentence}"
    assert refused.value.field == f"instrument.{field}"


def test_an_option_with_no_soundfont_in_it_is_refused() -> None:
    with pytest.raises(BridgeError) as refused:
        chosen(plugin=None, params=(), preset_file=None, soundfont="", book=None)
    sentence = "--soundfont is empty, allowed are names and paths of soundfonts"
    assert str(refused.value) == sentence


def test_a_clients_instrument_is_told_by_the_fields_of_the_wire() -> None:
    asked = Instrument(effects=(Plugin("Hall"), Plugin("Grand")))
    with pytest.raises(SoundError) as refused:
        resolve(asked, find)
    assert refused.value.field == "instrument.effects[1].path"


def test_a_plug_in_is_found_by_its_name_and_by_its_path(tmp_path: Path, plugins: Path) -> None:
    shelf = PluginShelf([plugins])
    (tmp_path / "name.toml").write_text('[default]\nplugin = "Test Synth"\n')
    (tmp_path / "path.toml").write_text(f'[default]\nplugin = "{plugins / "Test Synth.vst3"}"\n')
    by_name, by_path = (
        read_instruments(tmp_path / f"{what}.toml", shelf.find).for_part().plugin
        for what in ("name", "path")
    )
    assert by_name == Plugin(str(plugins / "Test Synth.vst3"), "Test Synth")
    assert by_path == Plugin(str(plugins / "Test Synth.vst3"))


def test_the_example_in_the_documents_is_read() -> None:
    shown = re.search(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    book = parse(shown[1].encode())
    assert set(book.role) == {"piano", "bass", "drums"}
    assert set(book.track) == {"Lead Synth"}
    assert [effect.plugin for effect in book.master] == ["builtin:compressor", "builtin:highpass"]
    assert (book.patience_s, book.load_s) == (2.0, 60.0)
