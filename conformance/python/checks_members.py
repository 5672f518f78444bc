"""What an ordinary day's work does not call, each once: older names, ways round about, objects found again by their ids."""

import os

from timesketch_api_client import config, error, index as index_lib, search as search_lib, searchtemplate, view as view_lib

from harness import check, equal, holds, raises


@check("configuration: a client made of what it says")
def configured(world):
    assistant = config.ConfigAssistant()
    assistant.load_config_dict({"host_uri": world.url, "username": world.user, "auth_mode": "userpass"})
    equal(assistant.missing, [])
    assistant.set_config("verify", True)
    assistant.set_config("username", world.user)
    assistant.set_config("password", world.password)
    assistant.set_config("token_file_path", os.path.join(world.folder, "no.token"))
    api = assistant.get_client()
    equal(api.current_user.username, world.user)


@check("sketches: all of one name")
def by_name(world):
    first, second = (world.api.create_sketch("twice") for _ in range(2))
    equal({entry.id for entry in world.api.get_sketches_by_name("twice")}, {first.id, second.id})
    raises(KeyError, lambda: world.api.get_sketches_by_name("never"), "not found")


@check("sketches: who made it, and when what was done")
def facts(world):
    sketch = world.refresh()
    equal(sketch.creator, world.user)
    holds(sketch.created_at <= sketch.last_activity, f"{sketch.created_at} and {sketch.last_activity}")


@check("sketches: attributes as a table")
def attributes(world):
    sketch = world.api.create_sketch("attributes as a table")
    # The client gives the table three names, whatever it holds.
    for name in ("one", "two", "three"):
        sketch.add_attribute(name, name, "text")
    equal(list(sketch.attributes_table.columns), ["attribute", "values", "ontology"])


@check("saved searches: by their older name, views")
def views(world):
    made = world.sketch.create_view("An older view", query_string="user:bob", query_filter={"size": 10})
    found = world.refresh().get_view(view_name="An older view")
    equal((found.id, found.query_string), (made.id, "user:bob"))
    holds(made.id in [entry.id for entry in world.sketch.list_views()], "not listed")
    view = view_lib.View(made.id, "An older view", world.sketch.id, world.api)
    equal((view.query_string, view.query_dsl, view.user), ("user:bob", "", world.user))
    holds(isinstance(view.query_filter, dict), f"filter is {view.query_filter!r}")
    # A server takes a description of a search that is known, not of a new one.
    equal(view.description, None)
    made.delete()


@check("search: every member that asks anew")
def search_members(world):
    search = search_lib.Search(world.sketch)
    search.from_manual(query_string="user:alice", query_filter={"size": 10, "order": "asc"}, max_entries=10)
    logins = world.timeline("logins")
    search.indices = [logins.id]
    equal(len(search.to_pandas()), 10)
    equal(len(search.to_dict()["objects"]), 10)
    equal(len(search.table), 10)
    holds('"objects"' in search.json, "no JSON")
    equal(search.dict["objects"][0]["_source"]["message"].split()[3], "alice")
    search.return_size = 5
    equal(len(search.to_pandas()), 10, "events of two answers")
    search.query_string = "*"
    search.max_entries = 1000
    search.add_date_range("2024-02-01T00:00:00", "2024-02-01T01:00:00")
    equal(len(search.to_pandas()), 7)
    search.remove_chip(0)
    equal(len(search.to_pandas()), 600)
    search.query_filter = {**search.query_filter, "order": "desc"}
    search.order_ascending()
    first = search.to_pandas()["datetime"].iloc[0]
    search.order_descending()
    holds(search.to_pandas()["datetime"].iloc[0] > first, "the order did not change")
    search.use_wildcard_fields = True
    search.query_string = "user:*lic*"
    equal(len(search.to_pandas()), 120)
    search.use_wildcard_fields = False
    search.query_dsl = {"query": {"term": {"user.keyword": "bob"}}}
    holds(set(search.to_pandas()["message"].str.split().str[3]) == {"bob"}, "others than bob")


@check("search: kept, told anew, labelled")
def search_kept(world):
    search = search_lib.Search(world.sketch)
    search.query_string = "user:carol"
    search.name = "Carol"
    search.save()
    search.description = "all of hers"
    search.return_fields = "datetime,message"
    search.commit()
    search.add_label("hers")
    equal(search.labels, ["hers"])
    found = world.refresh().get_saved_search(search_name="Carol")
    equal((found.description, found.query_string), ("all of hers", "user:carol"))
    found.delete()


@check("search templates: found by their ids, run in a sketch")
def templates(world):
    (listed,) = [entry for entry in world.sketch.list_search_templates() if entry.name == "Failed log-ins of a user"]
    found = searchtemplate.SearchTemplate(world.api)
    found.from_saved(listed.id, sketch_id=world.sketch.id)
    equal(found.name, "Failed log-ins of a user")
    equal(found.to_search().name, "Failed log-ins of a user")


@check("search templates: the client saves none and deletes none")
def templates_refused(world):
    # The real server has no route for either (20261014, resources/searchtemplate.py).
    search = search_lib.Search(world.sketch)
    search.query_string = "user:dave"
    search.name = "For a template"
    search.save()
    raises(Exception, search.save_as_template)
    search.delete()
    (listed,) = [entry for entry in world.sketch.list_search_templates() if entry.name == "Failed log-ins of a user"]
    equal(listed.delete(), False)


@check("timelines: found by id and by name, and whether they are archived")
def timelines(world):
    logins = world.timeline("logins")
    equal(world.sketch.get_timeline(timeline_id=logins.id).name, "logins")
    equal(world.sketch.get_timeline(timeline_name="LOGINS").id, logins.id)
    equal(logins.is_archived(), False)


@check("search indices: everything that is told of one, and its status set")
def index_members(world):
    index = world.timeline("logins").index
    equal((index.status, index.labels), ("ready", ["csv_jsonl"]))
    holds(index.name and isinstance(index.description, str), f"{index.name!r}, {index.description!r}")
    made = world.api.create_searchindex("spare", "f" * 32)
    made.status = "fail"
    equal(index_lib.SearchIndex(made.id, world.api).status, "fail")
    holds(made.delete(), "not deleted")


@check("search indices: one that holds no events becomes no timeline")
def from_index(world):
    raises(
        ValueError,
        lambda: world.sketch.generate_timeline_from_es_index("e" * 32, "by hand"),
        "missing required fields",
    )


@check("scenarios and questions: read anew, and as dictionaries", needs=["questions: of a template and in one's own words"])
def questions(world):
    (sketch,) = world.api.get_sketches_by_name("questions")
    scenario = sketch.list_scenarios()[0]
    equal(scenario.lazyload_data(refresh_cache=True)["objects"][0]["id"], scenario.id)
    question = sketch.list_questions()[0]
    equal(question.to_dict()["objects"][0]["id"], question.id)
