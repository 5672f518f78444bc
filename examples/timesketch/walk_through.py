"""A walk through Timesketch with its official Python client.

  pip install timesketch-api-client==20261014 timesketch-import-client==20261014 six
  python walk_through.py http://127.0.0.1:5000 USER PASSWORD

walk_through.ts is the same walk in TypeScript and prints the same lines.
"""

import os
import sys
import tempfile
import time

from timesketch_api_client import client as timesketch_client
from timesketch_api_client import search
from timesketch_import_client import importer

URL, USER, PASSWORD = sys.argv[1:4]
DOMAINS = ["evil.example", "good.example", "other.example"]


def events():
    for number in range(60):
        yield {
            "datetime": f"2013-09-20T22:{number:02d}:47+00:00",
            "timestamp_desc": "Page Visited",
            "message": f"visit {number} of {DOMAINS[number % 3]}",
            "data_type": "chrome:history:page_visited",
            "domain": DOMAINS[number % 3],
            "source_short": "WEBHIST",
        }


def settle(look, wanted):
    """A datastore may show what was written a moment later."""
    for _ in range(30):
        found = look()
        if found == wanted:
            break
        time.sleep(1)
    return found


ts = timesketch_client.TimesketchApi(host_uri=URL, username=USER, password=PASSWORD)
print("signed in as", ts.current_user.username)

sketch = ts.create_sketch("Walk-through", "from the documentation")
print("sketch:", sketch.name, "-", sketch.description)
print("listed:", any(one.id == sketch.id for one in ts.list_sketches(per_page=100)))

with importer.ImportStreamer() as streamer:
    streamer.set_sketch(sketch)
    streamer.set_timeline_name("browser")
    for event in events():
        streamer.add_dict(event)
sketch.lazyload_data(refresh_cache=True)


def count(query, *chips):
    search_obj = search.Search(sketch=sketch)
    search_obj.query_string = query
    for chip in chips:
        search_obj.add_chip(chip)
    return len(search_obj.table)


print("events:", settle(lambda: count("*"), 60))
print("timelines:", [timeline.name for timeline in sketch.list_timelines()])
print("acl:", sorted(sketch.my_acl))
sketch.add_sketch_label("example")
print("labels:", sketch.labels)

print("word:", count("evil.example"))
print("field:", count("domain:good.example"))

range_chip = search.DateRangeChip()
range_chip.start_time = "2013-09-20T22:20:47"
range_chip.end_time = "2013-09-20T22:59:47"
print("range:", count("*", range_chip))

interval_chip = search.DateIntervalChip()
interval_chip.date = "2013-09-20T22:39:47"
interval_chip.before = 10
interval_chip.after = 10
interval_chip.unit = "m"
print("interval:", count("*", interval_chip))

term_chip = search.TermChip()
term_chip.field = "domain"
term_chip.query = "other.example"
print("term:", count("*", term_chip))

search_obj = search.Search(sketch=sketch)
search_obj.query_string = "domain:evil.example"
search_obj.return_fields = "datetime,message,domain"
table = search_obj.table
print("first:", table["message"].iloc[0])
print("last:", table["message"].iloc[-1])

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "results.zip")
    search_obj.to_file(path)
    with open(path, "rb") as file:
        print("file:", file.read(2).decode())

search_obj.name = "My First Saved Search"
search_obj.description = "This saves all my work"
search_obj.save()
sketch.lazyload_data(refresh_cache=True)
saved_search = sketch.get_saved_search(search_name="My First Saved Search")
print("saved:", saved_search.name, "-", saved_search.query_string, "-", len(saved_search.table))

params = {"field": "domain", "limit": 10, "supported_charts": "hbarchart"}
aggregation = sketch.run_aggregator(aggregator_name="field_bucket", aggregator_parameters=params)
for row in sorted(aggregation.table.to_dict("records"), key=lambda row: row["domain"]):
    print("bucket:", row["domain"], row["count"])

hits = sketch.explore("domain:evil.example", return_fields="message")["objects"]
refs = [{"_id": hit["_id"], "_index": hit["_index"], "_type": "generic_event"} for hit in hits]
print("hits:", len(refs))
tagged = sketch.tag_events(refs, ["foobartag"])
print("tagged:", tagged["number_of_events_with_added_tags"])
print("by tag:", settle(lambda: count("tag:foobartag"), 20))
sketch.untag_events(refs[:5], ["foobartag"])
print("after untagging:", settle(lambda: count("tag:foobartag"), 15))

sketch.label_events(refs[:2], "__ts_star")
sketch.comment_event(refs[0]["_id"], refs[0]["_index"], "look at this")
star_chip = search.LabelChip()
star_chip.use_star_label()
comment_chip = search.LabelChip()
comment_chip.use_comment_label()
print("starred:", settle(lambda: count("*", star_chip), 2))
print("commented:", settle(lambda: count("*", comment_chip), 1))
detail = sketch.get_event(refs[0]["_id"], refs[0]["_index"])
print("comment:", detail["meta"]["comments"][0]["comment"])

sketch.add_event_attributes(
    [{**refs[0], "attributes": [{"attr_name": "verdict", "attr_value": "bad"}]}]
)
print("by attribute:", settle(lambda: count("verdict:bad"), 1))

sketch.add_event(
    "foobar", "2020-08-06T12:48:06.994188Z", "Test_description", {"a": "alpha", "o": "omega"}, ["not", "important"]
)
print("by hand:", settle(lambda: count("a:alpha AND tag:important"), 1))

sketch.add_attribute("ticket", "CASE-1", "text")
print("attribute:", sketch.attributes["ticket"]["value"])

story = sketch.create_story("What happened")
story.add_text("# The visit")
print("story:", story.title, "-", len(story.blocks), "block")

sketch.delete()
print("deleted")
