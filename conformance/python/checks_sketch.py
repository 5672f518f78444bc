"""Sketches and what is in them: names, people, saved searches, timelines, indices, archive, deletion, refusals."""

import os
import zipfile

from timesketch_api_client import client, error, search as search_lib

from harness import check, equal, holds, raises


@check("sketches: name and description can be changed")
def rename(world):
    sketch = world.api.create_sketch("first name", "first text")
    sketch.name = "second name"
    sketch.description = "second text"
    again = world.api.get_sketch(sketch.id)
    equal((again.name, again.description), ("second name", "second text"))


@check("sketches: a name is needed, and not too long a one")
def names(world):
    raises(ValueError, lambda: world.api.create_sketch(""))
    raises(RuntimeError, lambda: world.api.create_sketch("x" * 300), "less than 255")


@check("sketches: list with pages")
def list_pages(world):
    for number in range(5):
        world.api.create_sketch(f"listed {number}")
    found = [sketch.id for sketch in world.api.list_sketches(per_page=2)]
    equal(len(found), len(set(found)))
    holds(len(found) >= 6, f"{len(found)} sketches")
    answer = world.api.session.get(f"{world.api.api_root}/sketches/?page=9999")
    equal(answer.status_code, 404)


@check("sketches: search by text")
def list_search(world):
    answer = world.api.session.get(f"{world.api.api_root}/sketches/", params={"scope": "search", "search_query": "LISTED 3"})
    equal([entry["name"] for entry in answer.json()["objects"]], ["listed 3"])


@check("sketches: labels")
def labels(world):
    sketch = world.api.create_sketch("labelled")
    equal(sketch.add_sketch_label("alpha"), True)
    equal(sketch.labels, ["alpha"])
    equal(sketch.add_sketch_label("alpha"), False)
    equal(sketch.remove_sketch_label("alpha"), True)
    equal(sketch.labels, [])


@check("sketches: attributes")
def attributes(world):
    sketch = world.sketch
    equal(sketch.add_attribute("ticket", "1234")["action"], "create")
    equal(sketch.add_attribute_list("ticket", ["1234", "5678"])["action"], "update")
    sketch.add_attribute("number", 7, ontology="int")
    intelligence = {"data": [{"externalURI": "", "ioc": "evil.example", "tags": ["bad"], "type": "hostname"}]}
    sketch.add_attribute("intelligence", intelligence, ontology="intelligence")
    found = sketch.attributes
    equal(found["ticket"]["value"], ["1234", "5678"])
    equal(found["number"]["value"], 7)
    equal(sketch.get_intelligence_attribute(), intelligence["data"])
    equal(sketch.remove_attribute("ticket", "text"), True)
    holds("ticket" not in sketch.attributes, "the attribute is still there")


@check("people: a sketch is closed to others until opened", needs=["users: changing one's password"])
def acl(world):
    other = client.TimesketchApi(world.url, username="checker", password="second-password", retry_count=1)
    sketch = world.api.create_sketch("for two")
    raises(RuntimeError, lambda: other.get_sketch(sketch.id).name, "403")
    equal(sketch.add_to_acl(user_list=["checker"], permissions=["read"]), True)
    equal(other.get_sketch(sketch.id).name, "for two")
    equal(sketch.acl["user/checker"], ["read"])
    equal(other.get_sketch(sketch.id).my_acl, ["read"])
    answer = other.session.post(f"{other.api_root}/sketches/{sketch.id}/", json={"name": "mine"})
    equal((answer.status_code, answer.json()["message"]), (403, "User does not have write access controls on sketch."))
    equal(sketch.remove_acl(user_list=["checker"]), True)
    raises(RuntimeError, lambda: other.get_sketch(sketch.id).lazyload_data(refresh_cache=True), "403")


@check("people: public sketches can be read by all", needs=["users: changing one's password"])
def public(world):
    other = client.TimesketchApi(world.url, username="checker", password="second-password", retry_count=1)
    sketch = world.api.create_sketch("for all")
    equal(sketch.add_to_acl(make_public=True), True)
    equal(sketch.acl["is_public"], True)
    equal(other.get_sketch(sketch.id).name, "for all")


@check("saved searches: saved, listed, read, changed, deleted")
def saved(world):
    search = search_lib.Search(world.sketch)
    search.query_string = "user:bob"
    search.name = "Bob"
    search.return_fields = "datetime,message,user"
    holds("Saved search to ID" in search.save(), "not saved")
    world.refresh()
    found = world.sketch.get_saved_search(search_name="Bob")
    equal(found.query_string, "user:bob")
    equal(found.expected_size, search.expected_size)
    found.query_string = "user:alice"
    holds("Saved search to ID" in found.save(), "not saved again")
    again = search_lib.Search(world.sketch)
    again.from_saved(found.id)
    equal(again.query_string, "user:alice")
    equal(again.delete(), True)
    equal([entry.name for entry in world.refresh().list_saved_searches()], [])


@check("saved searches: chips and order are kept")
def saved_chips(world):
    search = search_lib.Search(world.sketch)
    search.query_string = "*"
    search.name = "With chips"
    chip = search_lib.TermChip()
    chip.field, chip.query = "user", "carol"
    search.add_chip(chip)
    search.order_descending()
    search.save()
    again = search_lib.Search(world.sketch)
    again.from_saved(search.id)
    equal([entry.chip["value"] for entry in again.chips], ["carol"])
    equal(again.query_filter["order"], "desc")
    again.delete()


@check("saved searches: an unknown one is not found")
def saved_missing(world):
    raises(error.NotFoundError, lambda: world.api.fetch_resource_data(f"sketches/{world.sketch.id}/views/999999/"))


@check("timelines: name, description, colour, labels", needs=["import: the job says SUCCESS"])
def timeline_change(world):
    timeline = world.timeline("job")
    timeline.name = "job renamed"
    timeline.description = "text"
    timeline.color = "AA00BB"
    again = world.timeline("job renamed")
    equal((again.description, again.color), ("text", "AA00BB"))
    equal(again.add_timeline_label("blue"), True)
    equal(world.timeline("job renamed").labels, ["blue"])
    equal(again.remove_timeline_label("blue"), True)


@check("timelines: data sources tell where events came from")
def timeline_sources(world):
    sources = world.timeline("logins").data_sources
    equal(sources[0]["provider"], "conformance")
    equal(sources[0]["context"], "checks.py")


@check("timelines: fields")
def timeline_fields(world):
    timeline = world.timeline("processes")
    fields = world.api.fetch_resource_data(f"sketches/{world.sketch.id}/timelines/{timeline.id}/fields/")["objects"]
    holds({"pid", "process", "signed", "score"} <= set(fields), f"fields are {fields}")
    types = {entry["field"]: entry["type"] for entry in world.refresh().data["meta"]["mappings"]}
    equal((types["pid"], types["process"], types["signed"], types["datetime"]), ("long", "text", "boolean", "date"))


@check("timelines: data sources can be described")
def data_source(world):
    timeline = world.timeline("frame")
    world.sketch.create_datasource(timeline.id, "somebody", "somewhere", "label")
    holds(any(entry["provider"] == "somebody" for entry in timeline.data_sources), "not listed")


@check("timelines: deleted ones are gone and their events too")
def timeline_delete(world):
    timeline = world.timeline("appended")
    equal(timeline.delete(), True)
    raises(error.NotFoundError, lambda: world.api.fetch_resource_data(f"sketches/{world.sketch.id}/timelines/{timeline.id}/"))
    world.refresh()
    equal(world.sketch.explore("batch:append", as_object=True).expected_size, 0)


@check("search indices: list, read, status")
def indices(world):
    index = world.timeline("logins").index
    names = [entry.index_name for entry in world.api.list_searchindices()]
    holds(index.index_name in names, "the index is not listed")
    holds({"user", "message", "datetime", "timestamp"} <= set(index.fields), f"fields are {index.fields}")
    equal(index.has_timeline_id, True)
    equal(index.status, "ready")


@check("search indices: made by name, and found again by it")
def indices_create(world):
    made = world.api.create_searchindex("an index", "conformance-index")
    again = world.api.create_searchindex("an index", "conformance-index")
    equal(made.id, again.id)


@check("search indices: one that is in use cannot be deleted")
def indices_delete(world):
    index = world.timeline("logins").index
    answer = world.api.session.delete(f"{world.api.api_root}/searchindices/{index.id}/")
    equal(answer.status_code, 403)
    holds("in use by" in answer.json()["message"], answer.text)


@check("sketches: an index joined to a second sketch")
def attach(world):
    index = world.timeline("logins").index
    sketch = world.api.create_sketch("second home")
    timeline = sketch.create_timeline(index.id, "logins again")
    equal(timeline.index_name, index.index_name)


@check("lists that are still empty have the right shape")
def empty_lists(world):
    sketch = world.sketch
    equal(sketch.list_stories(), [])
    equal(sketch.list_graphs(), [])
    equal(sketch.list_aggregations(), [])
    equal(sketch.list_aggregation_groups(), [])
    equal(sketch.get_analyzer_status(), [])
    equal(sketch.list_scenarios(), [])


@check("sketches: the count of events and bytes")
def count(world):
    meta = world.api.fetch_resource_data(f"sketches/{world.sketch.id}/count/")["meta"]
    holds(meta["count"] > 17_000 and meta["bytes"] > 0, f"meta is {meta}")


@check("sketches: export writes a ZIP with the saved searches' events")
def export(world):
    sketch = world.api.create_sketch("exported")
    from checks_import import stream  # the same way in as every other import

    keep, world.sketch = world.sketch, sketch
    try:
        with stream(world, "small") as streamer:
            streamer.add_dict({"message": "only one", "datetime": "2024-06-01T00:00:00", "timestamp_desc": "Noted"})
        world.wait_ready(streamer.timeline)
    finally:
        world.sketch = keep
    sketch.explore("*")
    path = world.path("sketch.zip")
    sketch.export(path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        holds("METADATA" in names and "events/tagged_events.csv" in names, f"names are {names}")
        state = next(name for name in names if name.startswith("views/") and name.endswith("_.csv"))
        equal(len(archive.read(state).decode().splitlines()), 2, "lines of the state view")
    holds(os.path.getsize(path) > 200, "the file is too small")


@check("archive: nothing can be asked until it is opened again")
def archive(world):
    sketch = world.api.create_sketch("to be archived")
    equal(sketch.archive(), True)
    equal(world.api.get_sketch(sketch.id).is_archived(), True)
    raises(RuntimeError, lambda: world.api.get_sketch(sketch.id).explore("*"), "archived")
    answer = world.api.session.post(
        f"{world.api.api_root}/sketches/{sketch.id}/explore/", json={"query": "*", "filter": {}}
    )
    equal((answer.status_code, answer.json()["message"]), (400, "Unable to query on an archived sketch."))
    world.api.get_sketch(sketch.id).export(world.path("archived.zip"))
    holds("METADATA" in zipfile.ZipFile(world.path("archived.zip")).namelist(), "no export of an archived sketch")
    equal(sketch.unarchive(), True)
    equal(world.api.get_sketch(sketch.id).is_archived(), False)
    equal(world.api.get_sketch(sketch.id).status, "ready")


@check("deletion: protected sketches stay, others go")
def delete(world):
    sketch = world.api.create_sketch("to be deleted")
    sketch.add_sketch_label("protected")
    raises(RuntimeError, sketch.delete, "cannot be deleted")
    sketch.remove_sketch_label("protected")
    sketch.delete()
    raises(error.NotFoundError, lambda: world.api.get_sketch(sketch.id).name)
    holds(sketch.id not in [entry.id for entry in world.api.list_sketches()], "still listed")


@check("deletion: for good, by administrators only")
def delete_force(world):
    sketch = world.api.create_sketch("to be deleted for good")
    raises(RuntimeError, lambda: sketch.delete(force_delete=True), "User is not an admin")
    world.admin_api.get_sketch(sketch.id).delete(force_delete=True)
    raises(error.NotFoundError, lambda: world.admin_api.get_sketch(sketch.id).name)


@check("errors: unknown sketch")
def missing(world):
    raises(error.NotFoundError, lambda: world.api.get_sketch(999_999).name)


@check("errors: unknown path, method and content")
def odd_requests(world):
    root = world.api.api_root
    session = world.api.session
    equal(session.get(f"{root}/nosuch/").json()["status"], 404)
    answer = session.patch(f"{root}/sketches/")
    equal((answer.status_code, answer.json()["message"]), (405, "The method is not allowed for the requested URL."))
    equal(session.get(f"{root}/users/1", allow_redirects=False).status_code, 308)
    explore = f"{root}/sketches/{world.sketch.id}/explore/"
    equal(session.post(explore, data="query=*").status_code, 415)
    equal(session.post(explore, data="{not json", headers={"Content-Type": "application/json"}).status_code, 400)
    answer = session.get(f"{root}/sketches/{world.sketch.id}/event/")
    equal(answer.json()["message"], {"searchindex_id": "Missing required parameter in the query string"})


@check("errors: uploads that cannot be taken say why")
def upload_errors(world):
    url = f"{world.api.api_root}/upload/"
    session = world.api.session
    number = world.sketch.id
    cases = [
        ({"name": "x"}, None, 400, "without supplying a sketch"),
        ({"sketch_id": number}, None, 400, "no file uploaded nor any events"),
        ({"sketch_id": 999_999, "events": "{}"}, None, 404, "not found on the server"),
        ({"sketch_id": number, "name": "x", "total_file_size": 0}, ("x.csv", b""), 400, "File is empty"),
        ({"sketch_id": number, "name": "x", "total_file_size": 5}, ("x.exe", b"hello"), 400, ".exe"),
        ({"sketch_id": number, "name": "", "total_file_size": 5}, ("x.csv", b"hello"), 400, "cannot be empty"),
    ]
    for data, file, status, text in cases:
        answer = session.post(url, data=data, files={"file": file} if file else None)
        equal(answer.status_code, status, f"status for {data}")
        holds(text in answer.json()["message"], answer.text)
