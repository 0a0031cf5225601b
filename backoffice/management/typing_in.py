"""What somebody types at a terminal: answers and passwords."""

import getpass
import sys
from collections.abc import Mapping

from django.core.management.base import CommandError

from backoffice.identity.rules import Secret


def password() -> Secret:
    """Typed twice at a terminal; else the first line of standard input.

    Raises:
        CommandError: The two differ.
    """
    if not sys.stdin.isatty():
        return Secret(sys.stdin.readline().rstrip("\n"))
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Password (again): "):
        msg = "The two passwords differ."
        raise CommandError(msg)
    return Secret(first)


def ask_missing(options: Mapping[str, str], questions: Mapping[str, str]) -> dict[str, str]:
    """The options that were not given, asked for one by one; an empty answer is asked for again.

    Args:
        options: As given on the command line.
        questions: Name of each needed option, and what to ask.

    Raises:
        CommandError: There is no terminal to ask at; all missing options are named.
    """
    missing = [name for name in questions if not options[name]]
    if missing and not sys.stdin.isatty():
        names = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
        msg = f"Without a terminal to ask at, give also: {names}."
        raise CommandError(msg)
    answers = {name: options[name] for name in questions}
    for name in missing:
        while not answers[name]:
            answers[name] = input(f"{questions[name]}: ").strip()
    return answers
