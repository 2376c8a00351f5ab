"""The command line: which commands there are. Each is a module, imported when it is called."""

from importlib import import_module

import click

from spec.version import __version__

COMMANDS = {
    "run": "conformance.commands.run",
    "report": "conformance.commands.report",
    "compare": "conformance.commands.compare",
    "doctor": "conformance.commands.doctor",
    "rules": "conformance.commands.rules",
}


class Commands(click.Group):
    """Finds a command in its module: what judges takes a while to import, and most commands do not need it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="startocr-conformance %(version)s")
def cli() -> None:
    """Judge, rule by rule, whether a deployment of the StartOCR HTTP API does what its documentation says."""
