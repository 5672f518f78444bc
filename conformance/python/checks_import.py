"""Every way the official importer has of bringing events in."""

import json

import pandas
from timesketch_import_client import importer

import data
from harness import check, equal, holds, raises


def stream(world, name):
    streamer = importer.ImportStreamer()
    streamer.set_sketch(world.sketch)
    streamer.set_timeline_name(name)
    streamer.set_provider("conformance")
    streamer.set_upload_context("checks.py")
    return streamer


def count(world, query, **filters):
    search = world.refresh().explore(query, as_object=True)
    for key, value in filters.items():
        setattr(search, key, value)
    return search.expected_size


@check("sketches: create", is_ground=True)
def sketch_create(world):
    world.sketch = world.api.create_sketch("Conformance", "made by the checks")
    equal(world.sketch.name, "Conformance")
    equal(world.sketch.description, "made by the checks")
    equal(world.sketch.status, "new")


@check("import: CSV file", is_ground=True)
def import_csv(world):
    path = data.write_csv(world.path("logins.csv"), data.login_rows())
    with stream(world, "logins") as streamer:
        streamer.add_file(path)
        timeline = streamer.timeline
    world.wait_ready(timeline)
    equal(count(world, "*", indices=[timeline.id]), 600, "events")
    equal(timeline.index.status, "ready", "status of the index")


@check("import: JSONL file of 12,500 rows", is_ground=True)
def import_jsonl(world):
    path = data.write_jsonl(world.path("processes.jsonl"), data.process_rows())
    with stream(world, "processes") as streamer:
        streamer.add_file(path)
    timeline = world.wait_ready(streamer.timeline)
    equal(count(world, "*", indices=[timeline.id]), 12_500, "events")


@check("import: values come back with their JSON types")
def import_types(world):
    timeline = world.timeline("processes")
    search = world.sketch.explore("pid:1001", return_fields="pid,score,signed,hash,path", as_object=True)
    search.indices = [timeline.id]
    source = search.dict["objects"][0]["_source"]
    row = data.process_rows(2)[1]
    for field in ("pid", "score", "signed", "hash", "path"):
        equal(source[field], row[field], field)
        equal(type(source[field]), type(row[field]), f"type of {field}")


@check("import: DataFrame")
def import_frame(world):
    frame = pandas.DataFrame(data.login_rows(50, seed=3))
    frame["batch"] = "frame"
    with stream(world, "frame") as streamer:
        streamer.add_data_frame(frame)
    timeline = world.wait_ready(streamer.timeline)
    equal(count(world, "batch:frame", indices=[timeline.id]), 50, "events")


@check("import: DataFrame without datetime, message and description")
def import_frame_bare(world):
    frame = pandas.DataFrame(
        {"event_time": ["2024-05-01 10:00:00", "2024-05-01 11:00:00"], "what": ["alpha", "beta"], "size": [1, 2]}
    )
    with stream(world, "bare frame") as streamer:
        streamer.set_timestamp_description("Seen")
        streamer.add_data_frame(frame)
    timeline = world.wait_ready(streamer.timeline)
    search = world.refresh().explore("what:alpha", as_object=True, return_fields="datetime,message,timestamp_desc")
    search.indices = [timeline.id]
    found = search.dict["objects"]
    equal(len(found), 1, "events")
    equal(found[0]["_source"]["timestamp_desc"], "Seen")
    holds("[what] = alpha" in found[0]["_source"]["message"], f"message is {found[0]['_source']['message']!r}")
    equal(found[0]["sort"], [1714557600000], "time")


@check("import: one dictionary")
def import_dict(world):
    with stream(world, "one dictionary") as streamer:
        streamer.add_dict(
            {
                "message": "a lonely event",
                "datetime": "2024-05-02T08:00:00",
                "timestamp_desc": "Noted",
                "nested": {"inner": {"word": "deepvalue"}},
            }
        )
    timeline = world.wait_ready(streamer.timeline)
    equal(count(world, "nested.inner.word:deepvalue", indices=[timeline.id]), 1, "events found by a nested field")


@check("import: stream of dictionaries in many requests")
def import_dict_stream(world):
    with stream(world, "dictionaries") as streamer:
        streamer.set_entry_threshold(100)
        for row in data.login_rows(1050, seed=5):
            streamer.add_dict(dict(row, batch="stream"))
    timeline = world.wait_ready(streamer.timeline)
    equal(count(world, "batch:stream"), 1050, "events")
    equal(timeline.name, "dictionaries")


@check("import: equal rows of a stream are all kept")
def import_equal_rows(world):
    row = {"message": "the same", "datetime": "2024-05-03T00:00:00", "timestamp_desc": "Noted", "batch": "equal"}
    with stream(world, "equal rows") as streamer:
        streamer.set_entry_threshold(4)
        for _ in range(10):
            streamer.add_dict(dict(row))
    world.wait_ready(streamer.timeline)
    equal(count(world, "batch:equal"), 10, "events")


@check("import: JSON text")
def import_json(world):
    with stream(world, "json text") as streamer:
        streamer.add_json(
            json.dumps({"message": "from text", "datetime": "2024-05-04T00:00:00", "timestamp_desc": "Noted"})
        )
    world.wait_ready(streamer.timeline)
    equal(count(world, '"from text"'), 1, "events")


@check("import: fields of 100,000 characters come back whole")
def import_big_fields(world):
    rows = data.big_field_rows()
    with stream(world, "big fields") as streamer:
        for row in rows:
            streamer.add_dict(dict(row))
    timeline = world.wait_ready(streamer.timeline)
    search = world.refresh().explore("needle00002", as_object=True, return_fields="script")
    search.indices = [timeline.id]
    found = search.dict["objects"]
    equal(len(found), 1, "events found by the last word")
    equal(found[0]["_source"]["script"] == rows[2]["script"], True, "text unchanged")


@check("import: a file in chunks of bytes")
def import_chunks(world):
    rows = [dict(row, batch="chunked") for row in data.login_rows(3000, seed=9)]
    path = data.write_jsonl(world.path("chunked.jsonl"), rows)
    with stream(world, "chunked") as streamer:
        streamer.set_filesize_threshold(100_000)
        # The one way by which the importer sends a file as it is; add_file takes it for .plaso files.
        streamer._upload_binary_file(path)
        holds(streamer.response["meta"]["total_chunks"] > 3, f"meta is {streamer.response['meta']}")
    world.wait_ready(streamer.timeline)
    equal(count(world, "batch:chunked"), 3000, "events")


@check("import: a whole CSV file sent again adds nothing")
def import_again(world):
    rows = [dict(row, batch="again") for row in data.login_rows(40, seed=13)]
    path = data.write_csv(world.path("again.csv"), rows)
    for _ in range(2):
        with stream(world, "again") as streamer:
            streamer._upload_binary_file(path)
        world.wait_ready(streamer.timeline)
    equal(count(world, "batch:again"), 40, "events")


@check("import: two streams into one timeline append")
def import_append(world):
    for part in range(2):
        with stream(world, "appended") as streamer:
            for row in data.login_rows(10, seed=20 + part):
                streamer.add_dict(dict(row, batch="append"))
        world.wait_ready(streamer.timeline)
    equal(count(world, "batch:append"), 20, "events")
    names = [timeline.name for timeline in world.refresh().list_timelines()]
    equal(names.count("appended"), 1, "timelines of that name")


@check("import: Excel file")
def import_excel(world):
    frame = pandas.DataFrame(data.login_rows(20, seed=30))
    frame["batch"] = "sheet"
    frame.to_excel(world.path("sheet.xlsx"), index=False)
    with stream(world, "sheet") as streamer:
        streamer.add_excel_file(world.path("sheet.xlsx"))
    world.wait_ready(streamer.timeline)
    equal(count(world, "batch:sheet"), 20, "events")


@check("import: a stream that is flushed and closed by hand")
def import_by_hand(world):
    streamer = stream(world, "by hand")
    streamer.add_dict({"message": "one", "datetime": "2024-05-08T00:00:00", "timestamp_desc": "Noted", "batch": "hand"})
    streamer.flush(end_stream=False)
    timeline = streamer.timeline
    world.wait_ready(timeline)
    equal(count(world, "batch:hand"), 1, "events")
    # Whoever flushes by hand keeps the buffer: what is in it is sent again.
    streamer.add_dict({"message": "two", "datetime": "2024-05-08T00:00:01", "timestamp_desc": "Noted", "batch": "hand"})
    streamer.close()
    world.wait_ready(timeline)
    equal(count(world, "batch:hand"), 3, "events")


@check("import: the job says SUCCESS")
def import_job(world):
    with stream(world, "job") as streamer:
        streamer.add_dict({"message": "job", "datetime": "2024-05-05T00:00:00", "timestamp_desc": "Noted"})
    world.wait_ready(streamer.timeline)
    equal(streamer.state, "SUCCESS")
    (task,) = world.api.check_celery_status(job_id=streamer.celery_task_id)
    equal((task["task_id"], task["state"]), (streamer.celery_task_id, "SUCCESS"))


@check("import: a row with a text where others have a number is kept")
def import_type_clash(world):
    with stream(world, "clash") as streamer:
        for value in (1, 2, "not a number", 3.5, True):
            streamer.add_dict(
                {
                    "message": "clash",
                    "datetime": "2024-05-06T00:00:00",
                    "timestamp_desc": "Noted",
                    "mixed": value,
                    "batch": "clash",
                }
            )
    world.wait_ready(streamer.timeline)
    equal(count(world, "batch:clash"), 5, "events")


@check("import: names and values that want to harm come back as they were")
def import_hostile(world):
    with stream(world, "hostile") as streamer:
        streamer.add_dict(
            {
                "message": "<script>alert(1)</script> \u202e =HYPERLINK(\"x\") \x1b[31m",
                "datetime": "2024-05-07T00:00:00",
                "timestamp_desc": "Noted",
                "constructor": "c",
                "toString": "t",
                "batch": "hostile",
            }
        )
    world.wait_ready(streamer.timeline)
    search = world.sketch.explore("batch:hostile", as_object=True, return_fields="message,constructor,toString")
    source = search.dict["objects"][0]["_source"]
    equal(source["message"], "<script>alert(1)</script> \u202e =HYPERLINK(\"x\") \x1b[31m")
    equal([source["constructor"], source["toString"]], ["c", "t"])


@check("import: a CSV file without the mandatory columns fails and says why")
def import_missing_columns(world):
    path = world.path("nothing.csv")
    with open(path, "w", encoding="utf-8") as handle:
        handle.write("colour,shape\nred,round\n")
    with stream(world, "nothing") as streamer:
        streamer._upload_binary_file(path)
    timeline = streamer.timeline
    raises(AssertionError, lambda: world.wait_ready(timeline), "failed")
    text = timeline.data_sources[0]["error_message"]
    holds(text, "no reason in error_message")
    equal(timeline.delete(), True, "deleted")
