"""What MkDocs and the plugin say, on the terminal of the command line."""

import logging

import click

_COLORS = {"WARNING": "yellow", "ERROR": "red", "CRITICAL": "red"}


class _Lines(logging.Handler):
    """One line a message on stderr, `warning: docs/a.md:3:5: ...`."""

    def emit(self, record: logging.LogRecord) -> None:
        label = ""
        if record.levelno >= logging.WARNING:
            label = click.style(f"{record.levelname.lower()}: ", fg=_COLORS[record.levelname])
        click.echo(label + self.format(record), err=True)


def listen(level: int) -> None:
    """Show MkDocs' messages from `level` on, and show them only here."""
    logger = logging.getLogger("mkdocs")
    logger.handlers = [_Lines()]
    logger.propagate = False
    logger.setLevel(level)
