"""Be the command `yuragi`: find the sub-command; turn errors into a sentence and an exit code."""

import importlib
import os
import sys
from importlib.metadata import version

import click

from bridge.error import BridgeError
from bridge.write_whole import ExistingFileError
from engines.error import EngineError

COMMANDS = {
    "bench": "measure the road against a bare socket",
    "calibrate": "learn how hard you play a keyboard",
    "doctor": "check that everything is there, and say what to do if not",
    "engines": "list the engines, or tell one engine's options",
    "evaluate": "measure how near the engines come to people",
    "generate": "write new notes with a generator",
    "groove": "take the groove of a take, and give it to other music",
    "humanize": "give a MIDI file, or a folder of them, a human performance",
    "live": "play live through yuragi",
    "play": "play a MIDI file to a port, in time with others",
    "plugins": "list the plug-ins, and tell what they can be set to",
    "ports": "list the MIDI ports",
    "presets": "list the presets, or tell one preset's stages",
    "record": "record what is played at a port as a MIDI file",
    "render": "render a MIDI file, or a folder of them, as sound",
    "replay": "render a server's journal again and compare",
    "respond": "answer what is played at a port, phrase by phrase",
    "serve": "run the server that DAWs and clients talk to",
    "show": "draw a MIDI file, or what changed between two",
    "train": "train the learned engines anew",
}
"""Each command lives in a module of this package by its name, as the object `command`."""


class Commands(click.Group):
    """Import a sub-command only when it is asked for: `serve` must answer within a second."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all sub-commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the sub-command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"bridge.command.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the sub-commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("yuragi"), message="yuragi %(version)s")
def cli() -> None:
    """Make MIDI sound played: humanize it, generate it, and serve both to a DAW."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command; a fault that the user can mend is one sentence and exit code 2.

    Args:
        arguments: what follows the command's name; None takes them from the system.
    """
    try:
        cli(arguments, prog_name="yuragi", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (click.Abort, KeyboardInterrupt):
        click.echo("yuragi: stopped", err=True)
        sys.exit(130)
    except (BridgeError, EngineError) as error:
        hint = "; add --overwrite to replace it" if isinstance(error, ExistingFileError) else ""
        click.echo(f"yuragi: {error}{hint}", err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(f"yuragi: {error.filename or 'the system'}: {error.strerror}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
