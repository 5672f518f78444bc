"""Converts rules with pySigma's OpenSearch backend: names of files on standard input, {file: queries or error} on standard output."""

import json
import sys

from sigma.backends.opensearch import OpensearchLuceneBackend
from sigma.collection import SigmaCollection
from sigma.processing.pipeline import ProcessingPipeline

pipeline = None
if len(sys.argv) > 1:
    with open(sys.argv[1], encoding="utf-8") as file:
        pipeline = ProcessingPipeline.from_yaml(file.read())
backend = OpensearchLuceneBackend(pipeline)
converted = {}
for name in sys.stdin.read().splitlines():
    try:
        with open(name, encoding="utf-8") as file:
            converted[name] = backend.convert(SigmaCollection.from_yaml(file.read()))
    except Exception as error:  # pylint: disable=broad-except
        converted[name] = f"{type(error).__name__}: {error}"
json.dump(converted, sys.stdout)
