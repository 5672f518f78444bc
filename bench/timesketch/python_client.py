"""Times the official Python packages against a server and prints JSON.

usage: python_client.py URL USER PASSWORD CSV ROWS
"""

import json
import logging
import sys
import time

from timesketch_api_client import client
from timesketch_import_client import importer

TAGGED = 10_000


def main():
    url, user, password, csv, rows = sys.argv[1:6]
    logging.disable(logging.CRITICAL)
    api = client.TimesketchApi(url, user, password)
    sketch = api.create_sketch("bench by Python")
    started = time.monotonic()
    with importer.ImportStreamer() as streamer:
        streamer.set_sketch(sketch)
        streamer.set_timeline_name("rows")
        streamer.add_file(csv)
    timeline = streamer.timeline
    while timeline.status not in ("ready", "fail"):
        time.sleep(0.02)
    import_seconds = time.monotonic() - started

    hits = sketch.explore("*", max_entries=TAGGED, as_pandas=False)["objects"][:TAGGED]
    events = [{"_id": hit["_id"], "_index": hit["_index"]} for hit in hits]
    started = time.monotonic()
    first = sketch.tag_events(events, ["first"])
    tag_seconds = time.monotonic() - started
    sketch.tag_events(events, ["second"])
    both = sketch.explore("tag:first AND tag:second", max_entries=TAGGED, as_pandas=False)["meta"]["es_total_count_complete"]
    print(
        json.dumps(
            {
                "status": timeline.status,
                "rows": int(rows),
                "importSeconds": import_seconds,
                "tagged": len(events),
                "tagSeconds": tag_seconds,
                "both": both,
                "told": str(first)[:200],
            }
        )
    )


if __name__ == "__main__":
    main()
