"""Writes the documents that psort would send to Timesketch's OpenSearch, a JSON object a line.

Usage: timesketch_documents.py STORAGE OUTPUT LOG
"""

import json
import os
import sys
import tempfile

from plaso.output import shared_opensearch
from plaso.scripts import psort

storage, output, log = sys.argv[1:]
target = open(output, "w", encoding="utf-8")


def flush(module):
    """Takes the place of a request: every second entry is a document, the others say where it goes."""
    for document in module._event_documents[1::2]:
        target.write(json.dumps(document) + "\n")
    module._event_documents = []
    module._number_of_buffered_events = 0


module = shared_opensearch.SharedOpenSearchOutputModule
module._Connect = lambda self: None
module._CreateIndexIfNotExists = lambda self, index_name, mappings: None
module._FlushEvents = flush

with tempfile.TemporaryDirectory() as folder:
    mappings = os.path.join(folder, "mappings.json")
    with open(mappings, "w", encoding="utf-8") as file:
        file.write("{}")
    sys.argv = ["psort", "-q", "--status_view", "none", "--logfile", log]
    sys.argv += ["-o", "opensearch_ts", "--server", "127.0.0.1", "--port", "9", "--index_name", "made"]
    sys.argv += ["--timeline_identifier", "1", "--opensearch_mappings", mappings, storage]
    psort.Main()
target.close()
