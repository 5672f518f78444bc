"""Writes every verb of Timesketch's two commands with its arguments and options as JSON.

Run by the Python of conformance/python's virtual environment:
  python list_verbs.py > verbs.json
"""

import argparse
import importlib.metadata
import json
import sys

import click
from timesketch_cli_client import cli
from tools import timesketch_importer


def spellings(parameter):
    """How an option is written, or the name of an argument in capitals."""
    if isinstance(parameter, click.Argument):
        return [parameter.name.upper()]
    return sorted({*parameter.opts, *parameter.secondary_opts}, key=lambda one: (len(one), one))


def verbs_of(command, words=()):
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from verbs_of(command.commands[name], (*words, name))
    else:
        yield " ".join(words), [spellings(one) for one in command.params]


class Seen(Exception):
    """Carries the importer's parser out of its main function."""


def importer_parser():
    def stop(parser, *_arguments, **_options):
        raise Seen(parser)

    parse_args = argparse.ArgumentParser.parse_args
    argparse.ArgumentParser.parse_args = stop
    try:
        timesketch_importer.main([])
    except Seen as seen:
        return seen.args[0]
    finally:
        argparse.ArgumentParser.parse_args = parse_args
    raise RuntimeError("timesketch_importer did not parse its arguments")


def list_verbs():
    return {
        "release": importlib.metadata.version("timesketch-cli-client"),
        "timesketch": {
            "options": [spellings(one) for one in cli.cli.params],
            "verbs": dict(verbs_of(cli.cli)),
        },
        "timesketch_importer": [
            list(action.option_strings) or [action.dest.upper()]
            for action in importer_parser()._actions
            if action.dest != "help"
        ],
    }


if __name__ == "__main__":
    json.dump(list_verbs(), sys.stdout, indent=1, sort_keys=True)
    sys.stdout.write("\n")
