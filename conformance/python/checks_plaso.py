"""Plaso's storage files by the importer's own road for them: whole, in chunks, filtered, and what is no such file."""

import json
import sqlite3
import zlib

from timesketch_import_client import importer

from harness import check, equal, holds

TABLES = """
CREATE TABLE metadata (key TEXT, value TEXT);
CREATE TABLE event_data (_identifier INTEGER PRIMARY KEY AUTOINCREMENT, _data BLOB);
CREATE TABLE event_tag (_identifier INTEGER PRIMARY KEY AUTOINCREMENT, _event_identifier TEXT, labels TEXT);
CREATE TABLE event (_identifier INTEGER PRIMARY KEY AUTOINCREMENT, _event_data_identifier TEXT, date_time TEXT,
                    timestamp INTEGER, timestamp_desc TEXT);
INSERT INTO metadata VALUES ('format_version', '20260516'), ('compression_format', 'zlib'),
                            ('serialization_format', 'json');
INSERT INTO event_tag (_event_identifier, labels) VALUES ('event.1', '["exit1"]');
"""
EVENTS = 400
START_US = 1_772_600_000_000_000


def write_storage(path):
    """A storage file of syslog lines and files, as log2timeline would store them."""
    with sqlite3.connect(path) as database:
        database.executescript(TABLES)
        for number in range(1, EVENTS + 1):
            values = {"data_type": "syslog:line", "message_body": f"line {number}", "reporter": "made"}
            if number % 4 == 0:
                values = {"data_type": "fs:stat", "display_name": f"OS:/tmp/{number}", "file_size": number}
            container = {"__type__": "AttributeContainer", "__container_type__": "event_data", **values}
            container["_parser_chain"] = "text/made"
            packed = zlib.compress(json.dumps(container).encode("ascii"))
            database.execute("INSERT INTO event_data (_data) VALUES (?)", (packed,))
            row = (f"event_data.{number}", "{}", START_US + number, "Content Modification Time")
            database.execute("INSERT INTO event VALUES (NULL, ?, ?, ?, ?)", row)
    database.close()
    return path


def send(world, path, name, threshold=None, event_filter=None):
    """Sends a file into a sketch of its own; the timeline, and what the server answered last."""
    sketch = world.api.create_sketch(f"Plaso {name}", "made by the checks")
    with importer.ImportStreamer() as streamer:
        streamer.set_sketch(sketch)
        streamer.set_timeline_name(name)
        streamer.set_provider("conformance")
        streamer.set_upload_context("log2timeline")
        if threshold:
            streamer.set_filesize_threshold(threshold)
        if event_filter:
            streamer.set_plaso_event_filter(event_filter)
        streamer.add_file(path)
        return sketch, streamer.timeline, streamer.response


def count(world, sketch, query):
    return world.api.get_sketch(sketch.id).explore(query, as_object=True).expected_size


@check("plaso: a storage file, with its data source")
def plaso_whole(world):
    path = write_storage(world.path("made.plaso"))
    sketch, timeline, _ = send(world, path, "whole")
    world.wait_ready(timeline)
    equal(timeline.index.status, "ready", "status of the index")
    equal(count(world, sketch, "*"), EVENTS, "events")
    equal(count(world, sketch, 'data_type:"syslog:line" AND parser:"text/made"'), EVENTS * 3 // 4, "lines")
    equal(count(world, sketch, "tag:exit1"), 1, "tagged events")
    (source,) = timeline.data_sources
    equal(source["total_file_events"], EVENTS, "total_file_events")
    equal(source["original_filename"], "made.plaso")
    equal(source["provider"], "conformance")
    equal(source["context"], "log2timeline")
    equal(source["status"][0]["status"], "ready")


@check("plaso: a storage file in chunks, and by an event filter")
def plaso_chunks(world):
    path = world.path("made.plaso")
    sketch, timeline, response = send(world, path, "chunks", threshold=10_000)
    holds(response["meta"]["total_chunks"] > 3, f"meta is {response['meta']}")
    world.wait_ready(timeline)
    equal(count(world, sketch, "*"), EVENTS, "events")
    sketch, timeline, _ = send(world, path, "filtered", event_filter='data_type is "fs:stat"')
    world.wait_ready(timeline)
    equal(count(world, sketch, "*"), EVENTS // 4, "events that match")


@check("plaso: what is no storage file, and a filter that cannot be read, fail with the reason")
def plaso_refused(world):
    path = world.path("text.plaso")
    with open(path, "w", encoding="utf-8") as file:
        file.write("not a database at all " * 50)
    for sent, event_filter, reason in (
        (path, None, "cannot read text.plaso"),
        (world.path("made.plaso"), "data_type is", "cannot read the event filter"),
    ):
        _, timeline, _ = send(world, sent, "refused", event_filter=event_filter)
        try:
            world.wait_ready(timeline)
        except AssertionError as failure:
            holds(reason in str(failure), f"the reason is {failure}")
        else:
            raise AssertionError(f"{sent} was taken")
