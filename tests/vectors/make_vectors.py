"""Write what clients in other languages are tested against, frames as hexadecimal.

messages.json has frames of every kind; notes.json has clips, each plainly as well, its columns
lists of numbers.

Run it when the protocol changes: python -m tests.vectors.make_vectors
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from bridge.gig_protocol import (
    Answers,
    Choose,
    Finish,
    Lateness,
    Learn,
    Leave,
    Open,
    Panic,
    Play,
    Port,
    Ports,
    Record,
    Respond,
    Song,
    Stand,
    Standing,
    State,
    Stop,
    Swap,
    Take,
    Turn,
)
from bridge.message import Code, Failure, Message, Request
from bridge.protocol import (
    Cancel,
    Cancelled,
    Hello,
    Limits,
    Ping,
    Pong,
    Progress,
    Render,
    Rendered,
    Timings,
    Welcome,
    encode,
)
from bridge.sound_protocol import (
    Block,
    Bounce,
    Bounced,
    Catalogue,
    Description,
    Events,
    Instrument,
    Parameter,
    Plugin,
    Plugins,
    Track,
)
from engines import Chord, Clip, Controllers, Key, Loop, Metre, Notes, Pad, Target, Tempo
from tests.vectors.cases import cases


def main() -> None:
    """Write the files beside this one."""
    for name, text in texts().items():
        Path(__file__).with_name(name).write_text(text, encoding="utf-8")


def texts() -> dict[str, str]:
    """Return what each file holds, by its name."""
    messages = [_vector(message, *about) for message, *about in _messages()]
    clips = [json.dumps(_plain(name, clip)) for name, clip in cases().items()]
    return {
        "messages.json": json.dumps(messages, indent=1) + "\n",
        "notes.json": "[\n" + ",\n".join(clips) + "\n]\n",
    }


def _messages() -> Iterator[tuple[Message] | tuple[Message, str]]:
    """Yield messages, with what is said of those that are not the first of their kind."""
    clip = _clip()
    yield (Hello(1, client="vector"),)
    yield (Ping(2),)
    yield (Cancel(3, request=4),)
    asked = Render(
        4, clips=(clip,), preset="band/natural", seed=5, slot="clip 1", target=Target(0.0, 4.0)
    )
    yield (asked,)
    amounts = {"velocity": 0.5, "rules.groove": 2.0}
    yield msgspec.structs.replace(asked, amounts=amounts), "with amounts"
    yield (_welcome(),)
    yield (Pong(2),)
    yield (Cancelled(3, request=4, found=True),)
    yield (Progress(4, fraction=0.25),)
    done = Rendered(4, takes=((clip,),), seed=5, timings=Timings(0.1, 1.5, 1.75))
    yield (done,)
    doubts = ["track drums: 2 notes of 60 (C4) ..."]
    yield msgspec.structs.replace(done, warnings=doubts), "with warnings"
    yield (Failure(None, code=Code.INVALID, message="amount is 3, ...", field="amount"),)
    what = "amounts.tuba is for no engine, ..."
    yield Failure(4, code=Code.INVALID, message=what, field="amounts.tuba"), "of an amount"
    yield from _asked_of_a_gig(clip)
    yield from _about_sound(clip)


def _asked_of_a_gig(clip: Clip) -> Iterator[tuple[Message] | tuple[Message, str]]:
    ports = Ports(inputs=("nanoKEY2",), output="synth", clock="midi")
    yield (Open(5, gig="stage", ports=ports),)
    yield (Choose(6, gig="stage", preset="live/natural", seed=1),)
    yield (Turn(7, gig="stage", stage="humanize", options={"amount": 0.5}),)
    yield (Learn(8, gig="stage", stage=0, option="amount"),)
    yield (Play(9, clips=(clip,), loops=2, ports=ports),)
    yield (Swap(10, clips=(clip,)),)
    yield (Stop(11),)
    yield (Respond(17, preset="band/natural", bars=2, channel=9, ports=ports),)
    yield (Record(15, name="take 1", what="heard"),)
    yield (Finish(16),)
    yield (Panic(12),)
    yield (Stand(13),)
    yield (Leave(14),)
    state = State(
        system="JACK",
        inputs=(Port("nanoKEY2:out", there=True, joined=("nanoKEY2:out",)),),
        output=Port("synth:in", there=False),
        preset="live/natural",
        engines=("live.humanize",),
        options=({"amount": 1.0},),
        notes_in=3,
        notes_out=3,
        sounding=0,
        bpm=120.0,
        beat=7.5,
        lateness=Lateness(1.5, 1.5, 2.0),
        answers=Answers(phrases=5, late=1),
        take=Take(output="/takes/take 1.mid", notes=3, seconds=1.5),
        song=Song(turn=0, late=0, ended=False),
        bindings=("controller 21 of channel 1 turns amount of humanize",),
    )
    yield (Standing(13, gig="stage", state=state, told=["synth:in has gone; ..."]),)


def _about_sound(clip: Clip) -> Iterator[tuple[Message] | tuple[Message, str]]:
    hall = Plugin("Hall", parameters={"mix": 0.25, "freeze": False, "mode": "large"})
    grand = Plugin("/plugins/Keys.vst3", name="Grand", preset="/presets/warm.vstpreset")
    instrument = Instrument(grand, effects=(hall,), gain_db=-3.0, pan=0.25)
    yield (Bounce(18, clips=(clip,), instrument=instrument, master=(), seed=5, tail_s=2.0),)
    events = Events(
        time=np.array([0.0, 0.5]),
        status=np.array([0x90, 0x80]),
        data1=np.array([60, 60]),
        data2=np.array([100, 0]),
    )
    track = Track(events, Instrument(soundfont="FluidR3_GM", program=0), "Klavier ♪")
    yield Bounce(19, tracks=(track,), stems=True, progress=True), "of tracks"
    yield (Plugins(20, scan=True),)
    audio = np.array([[0.5, -0.5], [0.25, 0.0]], "<f4").tobytes()
    yield (Block(18, start=0, audio=audio),)
    yield Block(19, start=4096, audio=audio, track=0), "of a track"
    yield (
        Bounced(
            18,
            frames=2,
            sample_rate=48_000,
            peak=0.5,
            tracks=("Klavier ♪",),
            load_ms=52.5,
            total_ms=60.25,
            warnings=["it still sounded ..."],
        ),
    )
    mix = Parameter(name="mix", unit="%", low=0.0, high=100.0, step=0.5, default=30.0)
    mode = Parameter(name="mode", default="large", values=("small", "large"))
    plugins = (
        Description(
            path="/plugins/Hall.vst3",
            name="Hall",
            kind="effect",
            format="VST3",
            maker="Nobody",
            version="1.0.0",
            category="Fx|Reverb",
            parameters=(mix, mode),
        ),
        Description(path="/plugins/Bad.vst3", name="Bad", fault="crashed ...", set_aside=True),
    )
    yield (Catalogue(20, plugins=plugins, soundfonts=("/fonts/FluidR3_GM.sf2",)),)
    what = "Bad crashed at 1.5 s (SIGSEGV): it is set aside; ..."
    yield Failure(18, code=Code.PLUGIN, message=what), "of a plug-in"


def _welcome() -> Welcome:
    preset = {
        "name": "band/natural",
        "role": "auto",
        "summary": "...",
        "kind": "humanizer",
        "engines": ["velocity", "groove"],
    }
    return Welcome(
        1,
        version="0.1.0",
        limits=Limits(),
        engines=[{"name": "echo", "kind": "analyser", "summary": "...", "options": {}}],
        presets=[preset],
        warnings=["the learned engines play by rules: ..."],
    )


def _clip() -> Clip:
    notes = Notes(
        pitch=np.array([60, 64]), onset=np.array([0.0, 0.5]), duration=np.array([0.5, 1.0])
    )
    return Clip(
        notes,
        length=4.0,
        controllers=Controllers(
            number=np.array([64]), time=np.array([0.25]), value=np.array([127])
        ),
        tempo=Tempo(time=np.zeros(1), bpm=np.full(1, 96.0)),
        metre=(Metre(0.0, 3, 4),),
        key=Key(9, (0, 2, 3, 5, 7, 8, 10), "Minor"),
        chords=(Chord(0.0, "Am7"),),
        role="piano",
        loop=Loop(0.0, 3.0),
        name="Klavier ♪",
        channel=0,
        program=0,
        pads=(Pad(60, "Kick 808"),),
    )


def _plain(name: str, clip: Clip) -> dict[str, Any]:
    plain = msgspec.to_builtins(clip, enc_hook=lambda column: column.tolist())
    return {"name": name, "clip": plain, "hex": encode(clip).hex()}


def _vector(message: Message, about: str = "") -> dict[str, str]:
    frame = encode(message)
    op = msgspec.msgpack.decode(frame)["op"]
    sender = "client" if isinstance(message, Request) else "server"
    return {"name": f"{sender} {op} {about}".rstrip(), "from": sender, "op": op, "hex": frame.hex()}


if __name__ == "__main__":
    main()
