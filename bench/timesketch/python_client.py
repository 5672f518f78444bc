"""Times the official Python packages against a server and prints JSON.

usage: python_client.py URL USER PASSWORD CSV ROWS [JSONL]

The events of the JSON lines are imported too, and timed.
"""

import json
import logging
import sys
import time

from timesketch_api_client import client
from timesketch_import_client import importer

TAGGED = 10_000


def main():
    url, user, password, csv, rows, *more = sys.argv[1:]
    logging.disable(logging.CRITICAL)
    api = client.TimesketchApi(url, user, password)
    sketch = api.create_sketch("bench by Python")
    timeline, import_seconds, own_seconds = import_file(sketch, csv, "rows")
    hits = sketch.explore("*", max_entries=TAGGED, as_pandas=False)["objects"][:TAGGED]
    events = [{"_id": hit["_id"], "_index": hit["_index"]} for hit in hits]
    started = time.monotonic()
    first = sketch.tag_events(events, ["first"])
    tag_seconds = time.monotonic() - started
    sketch.tag_events(events, ["second"])
    both = sketch.explore("tag:first AND tag:second", max_entries=TAGGED, as_pandas=False)["meta"]["es_total_count_complete"]
    real = [import_real(api, path) for path in more]
    print(
        json.dumps(
            {
                "real": real,
                "status": timeline.status,
                "rows": int(rows),
                "importSeconds": import_seconds,
                "ownSeconds": own_seconds,
                "tagged": len(events),
                "tagSeconds": tag_seconds,
                "both": both,
                "told": str(first)[:200],
            }
        )
    )


def import_real(api, path):
    """Imports JSON lines into a sketch of their own; tells what is in it then."""
    sketch = api.create_sketch("real events by Python")
    timeline, seconds, own_seconds = import_file(sketch, path, "real")
    found = sketch.explore("*", max_entries=1, as_pandas=False)["meta"]["es_total_count_complete"]
    return {"status": timeline.status, "rows": found, "importSeconds": seconds, "ownSeconds": own_seconds}


def import_file(sketch, path, name):
    """Imports a file as the command does; returns its timeline, the seconds until it was ready, and those of the processor that it took itself."""
    started = time.monotonic()
    own = time.process_time()
    with importer.ImportStreamer() as streamer:
        streamer.set_sketch(sketch)
        streamer.set_timeline_name(name)
        streamer.add_file(path)
    own = time.process_time() - own
    timeline = streamer.timeline
    while timeline.status not in ("ready", "fail"):
        time.sleep(0.02)
    return timeline, time.monotonic() - started, own


if __name__ == "__main__":
    main()
