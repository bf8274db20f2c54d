"""Check that everything is there, and say what to do if not."""

import platform
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bridge.address import DEFAULT_ADDRESS
from bridge.client import Client
from bridge.command.doctor_sound import check_sound
from bridge.command.finding import Finding
from bridge.error import BridgeError, RefusedError, UnreachableError
from bridge.launch import remembered_launch
from bridge.live_shelf import LiveShelf
from bridge.local import local_server
from bridge.ports.port import PortError
from bridge.ports.systems import available
from bridge.server import Config, Server
from bridge.shelf import Shelf, user_folder
from bridge.warning import broken_engines, unusable_presets
from engines.error import WeightsError
from engines.lender import Lender
from engines.performance.weights import DEFAULT, DRUMS, SHIPPED, Library
from engines.registry import engines
from engines.touch.network import Network
from engines.touch.weights import PATH


@click.command("doctor")
@click.option(
    "--server", default=DEFAULT_ADDRESS, show_default=True, help="Where a server should be."
)
def command(server: str) -> None:
    """Check the program, its engines and presets, the server's port, MIDI system and sound.

    Ends with exit code 1 if something is wrong.
    """
    findings = [finding for check in CHECKS for finding in check()]
    findings += check_server(server)
    for finding in findings:
        click.echo(f"{'ok  ' if finding.well else 'BAD '} {finding.sentence}")
    wrong = sum(not finding.well for finding in findings)
    click.echo("all is well" if not wrong else f"{wrong} of {len(findings)} checks need you")
    sys.exit(1 if wrong else 0)


def check_program() -> Iterator[Finding]:
    """Tell the versions."""
    system = f"{platform.system()} {platform.machine()}"
    yield Finding(
        True, f"yuragi {version('yuragi')} on Python {platform.python_version()}, {system}"
    )


def check_engines() -> Iterator[Finding]:
    """Tell which engines load."""
    yield Finding(True, f"{len(engines())} engines: {', '.join(engines())}")
    yield from (Finding(False, sentence) for sentence in broken_engines())


def check_weights(library: Library = SHIPPED) -> Iterator[Finding]:
    """Tell which weights the learned engines can be played with."""
    for name in library.installed():
        yield _playable(name, partial(library.lend, name))
    if DEFAULT not in library.installed():
        what = "the learned engines play by rules; install yuragi again"
        yield Finding(False, f"weights {DEFAULT} are not in {library.folder}: {what}")
    yield _playable(DRUMS, library.lend_drummer)
    yield _playable("live", Lender(library.folder / PATH.name, Network).lend)


def check_presets() -> Iterator[Finding]:
    """Tell how many presets there are, and which of the user's own cannot be used."""
    shelf, live = Shelf(), LiveShelf()
    count = f"{len(shelf.presets)} presets for clips and {len(live.presets)} for playing live"
    yield Finding(True, f"{count}; your own go into {user_folder()}")
    broken = [*unusable_presets(shelf), *unusable_presets(live)]
    yield from (Finding(False, sentence) for sentence in broken)


def check_road() -> Iterator[Finding]:
    """Send a clip's worth of greetings over a server of our own."""
    try:
        with local_server() as address, Client(address) as client:
            client.hello()
            yield Finding(True, f"the road works: a ping takes {client.ping():.2f} ms")
    except (BridgeError, OSError) as error:
        yield Finding(False, f"the road does not work: {error}")


def check_server(address: str) -> Iterator[Finding]:
    """Tell whether a server runs at an address, and whether it is of this version."""
    try:
        Server(Config(bind=address, warm=False)).discard()
    except BridgeError:
        yield _running_server(address)
    else:
        yield Finding(True, f"no server at {address}, and the port is free for yuragi serve")


def check_launch() -> Iterator[Finding]:
    """Tell what a Live device starts the server with, and whether that is still there."""
    again = "run yuragi serve once"
    try:
        launch = remembered_launch()
    except BridgeError as error:
        yield Finding(False, f"{error}; {again}")
        return
    if launch is None:
        yield Finding(True, f"Live devices do not know yet how to start the server: {again}")
        return
    found = launch.is_there()
    words = f"Live devices start yuragi {launch.version} with {' '.join(launch.command)}"
    yield Finding(found, words if found else f"{words}, which is not there any more: {again}")


def check_midi() -> Iterator[Finding]:
    """Tell which MIDI systems can be used, and why others cannot."""
    found = list(available())
    usable = [name for name, system in found if not isinstance(system, PortError)]
    names = ", ".join(usable) or "none (files and Live work without)"
    yield Finding(True, f"MIDI systems that can be used now: {names}")
    for name, system in found:
        if isinstance(system, PortError):
            yield Finding(True, f"{name} cannot be used now: {system}")


def check_disk() -> Iterator[Finding]:
    """Tell whether files can be written."""
    try:
        with TemporaryDirectory() as folder:
            Path(folder, "yuragi").write_bytes(b"yuragi")
    except OSError as error:
        yield Finding(False, f"temporary files cannot be written: {error.strerror}")
    else:
        yield Finding(True, "files can be written")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_program,
    check_engines,
    check_weights,
    check_presets,
    check_road,
    check_launch,
    check_midi,
    check_sound,
    check_disk,
)


def _playable(name: str, lend: Callable[[], object]) -> Finding:
    try:
        lend()
    except WeightsError as error:
        return Finding(False, f"weights {name} cannot be played: {error}; install yuragi again")
    return Finding(True, f"weights {name} can be played")


def _running_server(address: str) -> Finding:
    own = version("yuragi")
    try:
        with Client(address, timeout_s=2) as client:
            theirs = client.hello().version
    except (UnreachableError, RefusedError) as error:
        what = f"the port of {address} is taken by another program: {error}"
        return Finding(False, f"{what}; serve elsewhere with --bind")
    same = theirs == own
    advice = "" if same else f", this program is {own}: stop it and start it again"
    return Finding(same, f"yuragi {theirs} serves at {address}{advice}")
