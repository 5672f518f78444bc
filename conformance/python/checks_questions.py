"""Scenarios, questions and answers after the DFIQ files in config/; search templates; data finder; what the house knows."""

from timesketch_api_client import scenario as scenario_lib, search as search_lib, searchtemplate

from harness import check, equal, holds, raises

SCENARIO = "0d4f1b9e-8f0d-4c11-9d5a-000000009001"
QUESTION = "0d4f1b9e-8f0d-4c11-9d5a-000000009003"
TEMPLATE = "0d4f1b9e-8f0d-4c11-9d5a-000000009004"


def sketch_of(world):
    """A sketch of its own; what is asked stays in it."""
    for sketch in world.api.list_sketches():
        if sketch.name == "questions":
            return sketch
    return world.api.create_sketch("questions")


@check("scenarios: the templates are listed")
def templates(world):
    (scenario,) = scenario_lib.getScenarioTemplateList(world.api)
    equal((scenario["id"], scenario["uuid"], scenario["tags"]), ("S9001", SCENARIO, ["conformance"]))
    (question,) = scenario_lib.getQuestionTemplateList(world.api)
    equal([approach["name"] for approach in question["approaches"]], ["Count the log-ins"])


@check("scenarios: one is added by each of its names, listed and renamed")
def scenarios(world):
    sketch = sketch_of(world)
    for choice in ({"uuid": SCENARIO}, {"dfiq_id": "S9001"}, {"name": "Data theft"}):
        added = sketch.add_scenario(**choice)
        equal((added.name, added.dfiq_identifier, added.description), ("Data theft", "S9001", "Somebody took data away."))
    listed = sketch.list_scenarios()
    equal(len(listed), 3)
    (facet,) = listed[0].list_facets()
    equal((facet["name"], facet["questions"][0]["name"]), ("Log-ins", "Who logged in at night?"))
    listed[0].set_display_name("This theft")
    equal(sketch.list_scenarios()[0].display_name, "This theft")
    holds(len(listed[0].to_dict()) > 0, "an empty dictionary")
    raises(Exception, lambda: sketch.add_scenario(uuid="nosuch"))


@check("questions: of a template and in one's own words")
def questions(world):
    sketch = sketch_of(world)
    own = sketch.add_question(question_text="Who did it?")
    equal((own.name, own.approaches), ("Who did it?", []))
    equal(sketch.add_question(question_text="Who did it?").id, own.id)
    known = sketch.add_question(dfiq_id="Q9001")
    equal((known.dfiq_identifier, known.description), ("Q9001", "Log-ins outside of office hours."))
    equal(sketch.add_question(uuid=QUESTION).uuid, QUESTION)
    (approach,) = known.approaches
    equal([template["template_uuid"] for template in approach["search_templates"]], [TEMPLATE])
    equal(len(sketch.list_questions()), 3)


@check("questions: changed in every respect")
def change(world):
    question = sketch_of(world).list_questions()[0]
    question.set_name("Who was it?")
    question.set_display_name("Who, then?")
    question.set_description("A name is wanted")
    question.set_status("pending-review")
    question.set_priority("__ts_priority_high")
    question.add_attribute("team", "blue", ontology="text", description="who asks")
    again = sketch_of(world).list_questions()[0]
    equal((again.name, again.display_name, again.description), ("Who was it?", "Who, then?", "A name is wanted"))
    data = again.lazyload_data(refresh_cache=True)["objects"][0]
    equal(data["status"]["status"], "pending-review")
    equal([label["name"] for label in data["labels"]], ["__ts_priority_high"])
    raises(Exception, lambda: question.set_status("nonsense"))


@check("questions: answered, and the answer proved by an event")
def conclude(world):
    sketch = world.sketch
    question = sketch.add_question(question_text="Who is Dave?")
    question.add_conclusion("an insider")
    (conclusion,) = question.list_conclusions()
    equal((conclusion["conclusion"], conclusion["automated"]), ("an insider", False))
    search = search_lib.Search(sketch)
    search.query_string = "user:dave"
    search.max_entries = 1
    hit = search.dict["objects"][0]
    sketch.link_event_to_conclusion([{"_id": hit["_id"], "_index": hit["_index"]}], conclusion["id"])
    (again,) = question.list_conclusions()
    equal([event["document_id"] for event in again["conclusion_events"]], [hit["_id"]])
    url = f"{world.api.api_root}/sketches/{sketch.id}/questions/{question.id}/conclusions/{conclusion['id']}/"
    equal(world.api.session.delete(url).status_code, 200)
    equal(question.list_conclusions(), [])


@check("search templates: listed, filled in, and used by a saved search")
def search_templates(world):
    (template,) = [entry for entry in world.sketch.list_search_templates() if entry.name == "Failed log-ins of a user"]
    url = f"{world.api.api_root}/searchtemplates/{template.id}/parse/"
    filled = world.api.session.post(url, json={"user": "dave"}).json()["objects"][0]["query_string"]
    equal(filled, "failed AND user:dave")
    views = f"{world.api.api_root}/sketches/{world.sketch.id}/views/"
    body = {"name": "Dave failed", "query": filled, "filter": {}, "from_searchtemplate_id": template.id}
    number = world.api.session.post(views, json=body).json()["objects"][0]["id"]
    search = search_lib.Search(world.sketch)
    search.from_saved(number)
    found = searchtemplate.SearchTemplate(world.api)
    found.from_search_object(search)
    equal((found.id, found.name, found.description), (template.id, "Failed log-ins of a user", "Log-ins that did not succeed."))
    search.delete()


@check("search templates: none is saved by this API, as by the real one")
def save_template(world):
    template = searchtemplate.SearchTemplate(world.api)
    search = search_lib.Search(world.sketch)
    search.query_string = "*"
    search.name = "For a template"
    search.save()
    template.from_search_object(search)
    raises(Exception, template.save)
    search.delete()


@check("data finder: whether the data is there, rule by rule")
def data_finder(world):
    found = world.sketch.run_data_finder(
        "2024-01-01T00:00:00", "2024-12-31T00:00:00", ["windows_login", "nosuch"], timelines=["processes"]
    )
    equal(found, [{"windows_login": [False, "No hits discovered"]}, {"nosuch": [False, "Rule not defined"]}])


@check("intelligence: an attribute of the sketch, tags and links")
def intelligence(world):
    entry = {"data": [{"externalURI": "", "ioc": "evil.example", "tags": ["bad"], "type": "hostname"}]}
    world.sketch.add_attribute_list("intelligence", [entry], "intelligence")
    world.refresh()
    equal(world.sketch.get_intelligence_attribute(), entry["data"])
    world.sketch.remove_attribute("intelligence", "intelligence")
    equal(world.api.fetch_resource_data("intelligence/tagmetadata/")["malware"]["weight"], 100)
    holds("url" in world.api.fetch_resource_data("contextlinks/"), "no links for url")
    answer = world.api.session.post(f"{world.api.api_root}/unfurl/", json={"url": "https://a.example/?t=1700000000"})
    holds("2023-11-14T22:13:20.000Z" in [node["label"] for node in answer.json()["nodes"]], "the time is missing")
