"""Labels, stars, comments, tags, attributes and events made by hand."""

from timesketch_api_client import error, search as search_lib

from harness import check, equal, holds, raises


def first_events(world, count=3, query="user:dave"):
    search = search_lib.Search(world.sketch)
    search.query_string = query
    search.indices = [world.timeline("logins").id]
    search.max_entries = count
    return [{"_id": hit["_id"], "_index": hit["_index"]} for hit in search.dict["objects"]]


def labelled(world, label):
    search = search_lib.Search(world.sketch)
    search.query_string = "*"
    chip = search_lib.LabelChip()
    chip.label = label
    search.add_chip(chip)
    search.return_fields = "datetime,message,tag,timesketch_label,comment"
    return search.dict["objects"]


def source_of(world, event):
    return world.sketch.get_event(event["_id"], event["_index"])["objects"]


@check("labels: add one to several events, find them by chip")
def label(world):
    events = first_events(world)
    made = world.sketch.label_events(events, "suspicious")
    equal([entry["name"] for entry in made["objects"][0]], ["suspicious"] * 3)
    found = labelled(world, "suspicious")
    equal({hit["_id"] for hit in found}, {event["_id"] for event in events})
    holds("suspicious" in found[0]["_source"]["label"], "label is not in the hit")


@check("labels: adding it again changes nothing, removing takes it away")
def label_remove(world):
    events = first_events(world)
    world.sketch.label_events(events[:1], "suspicious")
    equal(len(labelled(world, "suspicious")), 3)
    world.sketch.label_events(events[:1], "suspicious", remove=True)
    equal(len(labelled(world, "suspicious")), 2)


@check("star: switched on and off")
def star(world):
    events = first_events(world, 2)
    world.sketch.label_events(events, "__ts_star")
    search = search_lib.Search(world.sketch)
    chip = search_lib.LabelChip()
    chip.use_star_label()
    search.query_string = "*"
    search.add_chip(chip)
    equal(search.expected_size, 2)
    world.sketch.label_events(events[:1], "__ts_star")
    equal(len(labelled(world, "__ts_star")), 1)


@check("labels: search_by_label")
def search_by_label(world):
    found = world.sketch.search_by_label("suspicious")
    equal(len(found["objects"]), 2)


@check("labels: counted in the sketch's meta")
def label_counts(world):
    counts = {entry["label"]: entry["count"] for entry in world.refresh().data["meta"]["filter_labels"]}
    equal(counts["suspicious"], 2)
    equal(counts["__ts_star"], 1)


@check("comments: written, read back with the event and in hits")
def comment(world):
    event = first_events(world, 1)[0]
    made = world.sketch.comment_event(event["_id"], event["_index"], "looks odd: <b>ü</b>")
    equal(made["objects"][0][0]["comment"], "looks odd: <b>ü</b>")
    read = world.sketch.get_event(event["_id"], event["_index"])
    equal([entry["comment"] for entry in read["meta"]["comments"]], ["looks odd: <b>ü</b>"])
    equal(read["meta"]["comments"][0]["user"]["username"], world.user)
    hits = labelled(world, "__ts_comment")
    equal([hit["_source"]["comment"] for hit in hits], [["looks odd: <b>ü</b>"]])


@check("comments: edited and deleted")
def comment_edit(world):
    event = first_events(world, 1)[0]
    url = f"{world.api.api_root}/sketches/{world.sketch.id}/event/annotate/"
    number = world.sketch.get_event(event["_id"], event["_index"])["meta"]["comments"][0]["id"]
    answer = world.api.session.put(
        url, json={"annotation": {"id": number, "comment": "changed"}, "annotation_type": "comment", "events": [event]}
    )
    equal(answer.status_code, 200)
    equal(answer.json()["objects"][0][0]["comment"], "changed")
    answer = world.api.session.delete(
        url,
        params={
            "annotation_type": "comment",
            "annotation_id": number,
            "event_id": event["_id"],
            "searchindex_id": event["_index"],
        },
    )
    equal(answer.status_code, 200)
    equal(labelled(world, "__ts_comment"), [])


@check("tags: added, counted, found by query at once")
def tags(world):
    events = first_events(world, 3)
    meta = world.sketch.tag_events(events, ["bad", "review"], verbose=True)
    equal(meta["number_of_events_with_added_tags"], 3)
    equal(meta["tags_applied"], 6)
    equal(meta["total_number_of_events_sent_by_client"], 3)
    found = world.sketch.explore("tag:bad", as_object=True)
    equal(found.expected_size, 3)


@check("tags: a second tag right after the first keeps both")
def tags_again(world):
    event = first_events(world, 1)[0]
    world.sketch.tag_events([event], ["quick"])
    world.sketch.tag_events([event], ["quicker"])
    equal(set(source_of(world, event)["tag"]), {"bad", "review", "quick", "quicker"})


@check("tags: tagging with what is there changes nothing")
def tags_same(world):
    event = first_events(world, 1)[0]
    meta = world.sketch.tag_events([event], ["bad"])
    equal(meta["number_of_events_with_added_tags"], 0)
    equal(meta["events_processed_by_api"], 1)


@check("tags: taken away from one and from several events")
def untag(world):
    events = first_events(world, 3)
    world.sketch.untag_event(events[0]["_id"], events[0]["_index"], "quick")
    holds("quick" not in source_of(world, events[0])["tag"], "the tag is still there")
    world.sketch.untag_events(events, ["review"])
    equal(world.sketch.explore("tag:review", as_object=True).expected_size, 0)
    equal(world.sketch.explore("tag:bad", as_object=True).expected_size, 3)


@check("tags: wrong arguments are refused")
def tags_wrong(world):
    events = first_events(world, 1)
    raises(ValueError, lambda: world.sketch.tag_events(events, "bad"))
    url = f"{world.api.api_root}/sketches/{world.sketch.id}/event/tagging/"
    answer = world.api.session.post(url, json={"tag_string": "bad", "events": events})
    equal(answer.status_code, 400)
    answer = world.api.session.post(url, json={"tag_string": '["x"]', "events": [{"_id": "x", "_index": "nosuch"}]})
    equal((answer.status_code, answer.json()["message"]), (403, "Search index ID (nosuch) does not belong to the sketch"))


@check("event attributes: added, and what may not be is told")
def attributes(world):
    event = first_events(world, 1)[0]
    good = dict(event, attributes=[{"attr_name": "verdict", "attr_value": "malicious"}])
    meta = world.sketch.add_event_attributes([good])["meta"]
    equal((meta["attributes_added"], meta["events_modified"], meta["error_count"]), (1, 1, 0))
    equal(source_of(world, event)["verdict"], "malicious")
    bad = dict(
        event,
        attributes=[
            {"attr_name": "verdict", "attr_value": "x"},
            {"attr_name": "message", "attr_value": "x"},
            {"attr_name": "_hidden", "attr_value": "x"},
        ],
    )
    meta = world.sketch.add_event_attributes([bad])["meta"]
    equal((meta["attributes_added"], meta["error_count"]), (0, 3))


@check("event attributes: can be searched")
def attributes_search(world):
    equal(world.sketch.explore("verdict:malicious", as_object=True).expected_size, 1)


@check("manual event: added and found at once")
def manual_event(world):
    made = world.sketch.add_event(
        "a manual event",
        "2024-02-15T12:00:00+00:00",
        "Analyst note",
        attributes={"source_short": "NOTE"},
        tags=["manual"],
    )
    equal(made["objects"][0]["name"], "Manual events")
    world.refresh()
    found = world.sketch.explore('"manual event" AND source_short:NOTE AND tag:manual', as_object=True)
    equal(found.expected_size, 1)
    equal(found.dict["objects"][0]["sort"], [1707998400000])


@check("manual event: a second one goes to the same timeline")
def manual_event_again(world):
    world.sketch.add_event("another manual event", "2024-02-16", "Analyst note")
    names = [timeline.name for timeline in world.refresh().list_timelines()]
    equal(names.count("Manual events"), 1)
    equal(world.sketch.explore('"manual event"', as_object=True).expected_size, 2)


@check("manual event: a date that is none is refused")
def manual_event_wrong(world):
    raises(RuntimeError, lambda: world.sketch.add_event("x", "not a date", "y"), "convert the date string")


@check("event: unknown id and unknown index")
def event_missing(world):
    event = first_events(world, 1)[0]
    raises(error.NotFoundError, lambda: world.sketch.get_event("nosuch", event["_index"]), "'nosuch' not found")
    raises(RuntimeError, lambda: world.sketch.get_event(event["_id"], "nosuch"), "400")
