"""Questions and their answers."""

import zipfile

from timesketch_api_client import search as search_lib

import data
from harness import check, equal, holds, raises


def make(world, query="*", timelines=("logins",), fields=""):
    search = search_lib.Search(world.sketch)
    search.query_string = query
    if timelines:
        search.indices = [world.timeline(name).id for name in timelines]
    if fields:
        search.return_fields = fields
    return search


def messages(search):
    return [hit["_source"]["message"] for hit in search.dict["objects"]]


@check("search: words, case does not matter")
def search_words(world):
    expected = sum("failed" in row["message"] for row in data.login_rows())
    equal(make(world, "FAILED").expected_size, expected)
    equal(len(make(world, "failed").dict["objects"]), expected)


@check("search: AND is the default, OR and NOT work")
def search_boolean(world):
    rows = data.login_rows()
    both = sum("failed" in row["message"] and row["user"] == "bob" for row in rows)
    equal(make(world, "failed bob").expected_size, both)
    equal(make(world, "user:alice OR user:bob").expected_size, 240)
    equal(make(world, "user:alice AND NOT failed").expected_size, 40)
    equal(make(world, "(user:alice OR user:bob) AND status:200").expected_size, 80)


@check("search: phrase, wildcard, regular expression, fuzzy")
def search_forms(world):
    equal(make(world, '"Login accepted for carol"').expected_size, 40)
    equal(make(world, "user:ali*").expected_size, 120)
    equal(make(world, "user:/al.*e/").expected_size, 120)
    equal(make(world, "user:alise~1").expected_size, 120)


@check("search: ranges and numbers")
def search_ranges(world):
    equal(make(world, "status:>=201").expected_size, 400)
    equal(make(world, "status:[200 TO 201]").expected_size, 400)
    equal(make(world, "pid:{1000 TO 1010}", ("processes",)).expected_size, 9)
    equal(make(world, "pid:abc", ("processes",)).expected_size, 0)


@check("search: exact value of a keyword sub-field")
def search_keyword(world):
    equal(make(world, 'host.keyword:"dc01.corp.example"').expected_size, sum(r["host"] == "dc01.corp.example" for r in data.login_rows()))
    equal(make(world, 'host.keyword:"DC01.corp.example"').expected_size, 0)


@check("search: _exists_")
def search_exists(world):
    rows = data.process_rows()
    equal(make(world, "_exists_:hash", ("processes",)).expected_size, sum(r["hash"] is not None for r in rows))


@check("search: dates in the question")
def search_dates(world):
    equal(make(world, "datetime:[2024-02-02 TO 2024-02-02]").expected_size, 144)
    equal(make(world, "datetime:2024-02-03").expected_size, 144)


@check("search: nothing found is no error")
def search_nothing(world):
    search = make(world, "nosuchword")
    equal(search.dict["objects"], [])
    equal(search.dict["meta"]["es_total_count"], 0)
    equal(search.table.empty, True)


@check("search: term chip, include and exclude")
def chip_term(world):
    search = make(world)
    chip = search_lib.TermChip()
    chip.field, chip.query = "user", "alice"
    search.add_chip(chip)
    equal(search.expected_size, 120)
    chip.set_exclude()
    search.commit()
    excluded = make(world)
    excluded.add_chip(chip)
    equal(excluded.expected_size, 480)


@check("search: inactive chip counts for nothing")
def chip_inactive(world):
    search = make(world)
    chip = search_lib.TermChip()
    chip.field, chip.query = "user", "alice"
    chip.set_disable()
    search.add_chip(chip)
    equal(search.expected_size, 600)


@check("search: date range chip")
def chip_range(world):
    search = make(world)
    search.add_date_range("2024-02-01T00:00:00", "2024-02-01T01:00:00")
    equal(search.expected_size, 7)


@check("search: two date ranges are alternatives")
def chip_ranges(world):
    search = make(world)
    search.add_date_range("2024-02-01T00:00:00", "2024-02-01T01:00:00")
    search.add_date_range("2024-02-02T00:00:00", "2024-02-02T00:30:00")
    equal(search.expected_size, 11)


@check("search: date interval chip")
def chip_interval(world):
    search = make(world)
    chip = search_lib.DateIntervalChip()
    chip.date = "2024-02-01T12:00:00"
    chip.add_interval(30, 20, "m")
    search.add_chip(chip)
    equal(search.expected_size, 6)


@check("search: scroll over 12,500 rows gives each once, in order")
def scroll(world):
    search = make(world, "*", ("processes",), "datetime,pid")
    search.scrolling_enable()
    search.max_entries = 100_000
    search.query_filter = dict(search.query_filter, size=2000)
    found = search.dict
    pids = [hit["_source"]["pid"] for hit in found["objects"]]
    equal(pids, [1000 + number for number in range(12_500)], "pids")
    equal(found["meta"]["es_total_count"], 12_500, "es_total_count")


@check("search: more than 10,000 entries asked for are scrolled by themselves")
def scroll_default(world):
    search = make(world, "*", ("processes",))
    search.max_entries = 20_000
    equal(len(search.dict["objects"]), 12_500, "rows")
    equal(search.expected_size, 12_500, "expected_size")


@check("search: expected_size without running the search")
def expected_size(world):
    equal(make(world, "process:zmap", ("processes",)).expected_size, sum(r["process"] == "zmap" for r in data.process_rows()))


@check("search: max_entries cuts the answer, totals stay whole")
def max_entries(world):
    search = make(world, "*", ("processes",))
    search.max_entries = 25
    equal(len(search.dict["objects"]), 25)
    equal(search.dict["meta"]["es_total_count_complete"], 12_500)


@check("search: order")
def order(world):
    search = make(world, "*", fields="datetime,message")
    search.max_entries = 5
    search.order_descending()
    times = [hit["sort"][0] for hit in search.dict["objects"]]
    equal(times, sorted(times, reverse=True))
    equal(search.dict["objects"][0]["_source"]["datetime"][:16], "2024-02-05T03:50")


@check("search: pages by from and size do not overlap")
def pages(world):
    seen = []
    for offset in (0, 50, 100):
        answer = world.api.session.post(
            f"{world.api.api_root}/sketches/{world.sketch.id}/explore/",
            json={"query": "*", "filter": {"from": offset, "size": 50, "indices": [world.timeline("logins").id], "order": "asc", "chips": []}},
        ).json()
        seen += [hit["_id"] for hit in answer["objects"]]
    equal(len(set(seen)), 150)


@check("search: pandas table")
def table(world):
    frame = make(world, "user:bob", fields="datetime,message,user,status").table
    equal(len(frame), 120)
    equal(set(frame["user"]), {"bob"})
    equal(str(frame["datetime"].dt.year.iloc[0]), "2024")


@check("search: return fields, and only those")
def return_fields(world):
    search = make(world, "user:bob", fields="user,status")
    equal(set(search.dict["objects"][0]["_source"]) - {"label"}, {"user", "status", "datetime"})


@check("search: default fields")
def default_fields(world):
    search = make(world, "user:bob")
    keys = set(search.dict["objects"][0]["_source"])
    equal(keys, {"datetime", "timestamp", "timestamp_desc", "message", "__ts_timeline_id", "label", "comment"})


@check("search: meta tells counts by index and by timeline, colours, names and the histogram")
def meta(world):
    timeline = world.timeline("logins")
    meta = make(world).dict["meta"]
    equal(meta["count_per_timeline"][str(timeline.id)], 600)
    equal(sum(meta["count_per_index"].values()), 600)
    equal(sum(meta["count_over_time"]["data"].values()), 600)
    holds(meta["timeline_names"] and meta["timeline_colors"], "no names or colours")
    equal(meta["search_node"]["query_string"], "*")


@check("search: to_file writes a ZIP with all rows")
def to_file(world):
    path = world.path("found.zip")
    equal(make(world, "user:eve", fields="datetime,message,user").to_file(path), True)
    with zipfile.ZipFile(path) as archive:
        equal(sorted(archive.namelist()), ["METADATA", "query_results.csv"])
        lines = archive.read("query_results.csv").decode().splitlines()
    equal(len(lines), 121)
    holds("message" in lines[0], f"header is {lines[0]!r}")


@check("search: raw DSL")
def dsl(world):
    found = world.sketch.explore(query_dsl={"query": {"bool": {"must": [{"match": {"message": "zmap"}}]}}}, as_object=True)
    equal(found.expected_size, sum(r["process"] == "zmap" for r in data.process_rows()))


@check(
    "search: without a filter pages of ten are scrolled to the end",
    needs=["import: stream of dictionaries in many requests"],
)
def explore_plain(world):
    answer = world.sketch.explore("user:carol AND status:200 AND batch:stream")
    equal(len(answer["objects"]), 70)


@check("search: explore as pandas")
def explore_pandas(world):
    frame = world.sketch.explore("user:carol", as_pandas=True, query_filter={"size": 500}, return_fields="datetime,user")
    equal(len(frame), world.sketch.explore("user:carol", as_object=True).expected_size)
    equal(set(frame["user"]), {"carol"})


@check("search: wildcard mode matches whole values")
def wildcard_mode(world):
    answer = world.sketch.explore_wildcard("path:*system32*ZMAP", limit=10)
    equal(answer["meta"]["es_total_count_complete"], sum(r["process"] == "zmap" for r in data.process_rows()))
    answer = world.sketch.explore_wildcard("process:zma", limit=10)
    equal(answer["meta"]["es_total_count_complete"], 0)


@check("search: a question that cannot be read is refused with a reason")
def bad_query(world):
    error = raises(ValueError, lambda: make(world, "pid:[1 TO").dict)
    holds("400" in str(error) and "issue with your search query" in str(error), str(error))


@check("search: unknown timeline")
def unknown_timeline(world):
    answer = world.api.session.post(
        f"{world.api.api_root}/sketches/{world.sketch.id}/explore/",
        json={"query": "*", "filter": {"indices": [999999]}},
    )
    equal(answer.status_code, 400)
    equal(answer.json()["message"], "No valid search indices were found to perform the search on.")


@check("search: export stream has every event")
def export_stream(world):
    events = list(
        world.sketch.export_events_stream(
            query_string="*",
            query_filter={"indices": [world.timeline("processes").id]},
            return_fields=["datetime", "message", "pid"],
        )
    )
    equal(len({event["_id"] for event in events}), 12_500)
    equal({event["pid"] for event in events}, set(range(1000, 13_500)))
    equal(set(events[0]), {"datetime", "message", "pid", "_id", "_index"})


@check("search: history")
def history(world):
    make(world, "user:history-check").dict
    answer = world.api.fetch_resource_data(f"sketches/{world.sketch.id}/searchhistory/")
    equal(answer["objects"][0]["query_string"], "user:history-check")
    tree = world.api.fetch_resource_data(f"sketches/{world.sketch.id}/searchhistorytree/")
    equal(tree["meta"]["last_node_id"], answer["objects"][0]["id"])


@check("aggregation: field_bucket")
def field_bucket(world):
    found = world.sketch.run_aggregator(
        "field_bucket", {"field": "user", "limit": "10", "index": [world.timeline("logins").id], "supported_charts": "table"}
    )
    table = found.table
    equal(sorted(zip(table["user"], table["count"])), [(name, 120) for name in sorted(data.USERS)])


@check("aggregation: query_bucket")
def query_bucket(world):
    found = world.sketch.run_aggregator(
        "query_bucket", {"field": "user", "query_string": "accepted", "limit": "10", "index": [world.timeline("logins").id]}
    )
    equal(sum(found.table["count"]), 200)


@check("aggregation: raw DSL")
def aggregation_dsl(world):
    found = world.sketch.aggregate({"aggs": {"p": {"terms": {"field": "process.keyword", "size": 10}}}})
    equal(sum(found.table["doc_count"]), 12_500)


@check("aggregation: the list of aggregators")
def aggregators(world):
    names = {entry["name"] for entry in world.api.get_aggregator_info()}
    equal(names, {"field_bucket", "date_histogram", "query_bucket"})
    holds(len(world.sketch.list_available_aggregators()) > 10, "no parameters listed")
