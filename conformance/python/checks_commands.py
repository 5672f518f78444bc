"""Timesketch's two commands, `timesketch` and `timesketch_importer`, through all their verbs, as a person types them."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile

from click.testing import CliRunner
from timesketch_api_client import config, credentials, crypto, sigma as sigma_lib
from timesketch_cli_client import cli

import data
from harness import check, equal, holds
from official import list_verbs

RULE = """title: Typed rule
id: 0b0f7f0e-6a55-4a8e-9f1c-1c6f0f4a2a11
status: stable
description: For the command
author: conformance
date: 2024/01/02
logsource:
    product: linux
    service: shell
detection:
    keywords:
        - 'typed'
    condition: keywords
level: low
"""
RUN = set()  # verbs that a check has run


def home(world):
    """A home folder with the configuration and the encrypted password that the commands read."""
    folder = world.path("home")
    if os.path.isdir(folder):
        return folder
    os.mkdir(folder)
    token = os.path.join(folder, ".timesketch.token")
    assistant = config.ConfigAssistant()
    assistant.load_config_dict({"host_uri": world.url, "username": world.user, "auth_mode": "userpass"})
    for name, value in {"verify": True, "client_id": "", "client_secret": "", "sketch": "", "output_format": "text"}.items():
        assistant.set_config(name, value)
    kept = credentials.TimesketchPwdCredentials()
    kept.credential = {"username": world.user, "password": world.password}
    crypto.CredentialStorage(token).save_credentials(kept, file_path=token, config_assistant=assistant)
    assistant.save_config(file_path=os.path.join(folder, ".timesketchrc"), token_file_path=token)
    return folder


def timesketch(world, verb, *words, form="text", sketch=None, ends=0, **more):
    """What `timesketch VERB WORDS` prints; fails when it ends otherwise than it should."""
    RUN.add(verb)
    chosen = [] if sketch is None else ["--sketch", str(sketch.id)]
    args = [*chosen, "--output-format", form, *verb.split(" "), *words]
    answer = CliRunner(env={"HOME": home(world)}).invoke(cli.cli, args, **more)
    if answer.exception and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    equal(answer.exit_code, ends, f"end of timesketch {' '.join(args)}: {answer.output[-300:]}")
    return answer.output


def the_sketch(world):
    (found,) = world.api.get_sketches_by_name("by command")
    return found


def importer(world, *words):
    """Runs `timesketch_importer` as a program of its own."""
    program = [sys.executable, "-m", "tools.timesketch_importer"]
    environment = {**os.environ, "HOME": home(world)}
    ran = subprocess.run([*program, *words], env=environment, capture_output=True, text=True, timeout=180)
    equal(ran.returncode, 0, f"end of timesketch_importer {words}: {(ran.stdout + ran.stderr)[-400:]}")
    return ran.stdout + ran.stderr


@check("command: the program starts, signs in and lists")
def program(world):
    place = os.path.join(os.path.dirname(sys.executable), "timesketch")
    words = [place, "--output-format", "json", "sketch", "list"]
    ran = subprocess.run(words, env={**os.environ, "HOME": home(world)}, capture_output=True, text=True, timeout=120)
    equal(ran.returncode, 0, f"end: {ran.stderr[-300:]}")
    holds(world.sketch.id in [entry["id"] for entry in json.loads(ran.stdout)], ran.stdout[:300])


@check("command: the client that the commands make of the configuration")
def client(world):
    api = config.get_client(config_path=os.path.join(home(world), ".timesketchrc"), load_cli_config=True)
    equal(api.current_user.username, world.user)


@check("command: sketch create, list, describe")
def sketches(world):
    holds("Sketch created: by command" in timesketch(world, "sketch create", "--name", "by command", "--description", "typed"), "")
    sketch = the_sketch(world)
    holds("by command" in timesketch(world, "sketch list"), "not listed")
    told = timesketch(world, "sketch describe", sketch=sketch)
    holds("Name: by command" in told and "Description: typed" in told, told)
    holds('"id"' in timesketch(world, "sketch describe", sketch=sketch, form="json"), "no JSON")


@check("command: config set and get")
def remembered(world):
    sketch = the_sketch(world)
    timesketch(world, "config set sketch", str(sketch.id))
    equal(timesketch(world, "config get", "sketch").strip(), str(sketch.id))
    timesketch(world, "config set output", "csv")
    equal(timesketch(world, "config get", "output").strip(), "csv")
    timesketch(world, "config set output-format", "text")
    equal(timesketch(world, "config get", "output-format").strip(), "text")
    timesketch(world, "config set output-format", "xml", ends=1)
    # The remembered sketch is the one that is worked in.
    holds("Name: by command" in timesketch(world, "sketch describe"), "another sketch")


@check("command: import, timelines list, describe, rename, color")
def timelines(world):
    sketch = the_sketch(world)
    path = data.write_csv(world.path("typed.csv"), data.login_rows(60, seed=50))
    holds("Timeline imported: typed" in timesketch(world, "import", "--name", "typed", path, sketch=sketch), "not imported")
    (timeline,) = sketch.list_timelines()
    equal(timesketch(world, "timelines list", sketch=sketch).strip(), f"{timeline.id} typed")
    told = timesketch(world, "timelines describe", str(timeline.id), sketch=sketch)
    holds("Name: typed" in told and "Event count: 60" in told and "Status: ready" in told, told)
    equal(timesketch(world, "timelines rename", str(timeline.id), "renamed", sketch=sketch).strip(), "New name: renamed")
    timesketch(world, "timelines color", str(timeline.id), "AABB11", sketch=sketch)
    equal(sketch.get_timeline(timeline_id=timeline.id).color, "AABB11")


@check("command: search in every format, with times, labels, fields and order")
def search(world):
    sketch = the_sketch(world)
    fields = ["--return-fields", "user,status"]
    rows = list(csv.DictReader(io.StringIO(timesketch(world, "search", "-q", "user:alice", *fields, form="csv", sketch=sketch))))
    equal((len(rows), {row["user"] for row in rows}), (12, {"alice"}))
    found = json.loads(timesketch(world, "search", "-q", "*", "--limit", "5", *fields, form="json", sketch=sketch))
    equal(len(found), 5)
    lines = timesketch(world, "search", "-q", "*", "--limit", "5", *fields, form="jsonl", sketch=sketch).split("\n")
    equal(len([json.loads(line) for line in lines if line]), 5)
    holds(timesketch(world, "search", "--limit", "2", form="tabular", sketch=sketch).startswith("+--"), "no frame")
    bare = timesketch(world, "search", "--limit", "2", "--no-header", sketch=sketch)
    equal(len(bare.strip().split("\n")), 2)
    hour = ["--time-range", "2024-02-01T00:00:00", "2024-02-01T01:00:00"]
    equal(len(json.loads(timesketch(world, "search", *hour, form="json", sketch=sketch))), 7)
    moment = ["--time", "2024-02-01T00:10:00"]
    equal(len(json.loads(timesketch(world, "search", *moment, form="json", sketch=sketch))), 1)
    last = json.loads(timesketch(world, "search", "--order", "desc", "--limit", "1", *fields, form="json", sketch=sketch))
    equal(last[0]["user"], data.USERS[59 % 5])
    holds("Query string: user:bob" in timesketch(world, "search", "-q", "user:bob", "--describe", sketch=sketch), "not told")
    inner = json.loads(timesketch(world, "search", "--limit", "1", "--show-internal-columns", form="json", sketch=sketch))
    holds("_id" in inner[0] and "_index" in inner[0], f"columns are {list(inner[0])}")
    timesketch(world, "search", "--time", "yesterday", sketch=sketch, ends=1)


@check("command: search-wildcard, and the two ways compared")
def wildcard(world):
    sketch = the_sketch(world)
    found = json.loads(timesketch(world, "search-wildcard", "-q", "user:*lic*", "--limit", "3", sketch=sketch))
    equal(len(found), 3)
    told = timesketch(world, "search-wildcard", "-q", "user:alice", "--compare", sketch=sketch)
    holds('"only_in_wildcard": []' in told and '"total_hits": 12' in told, told[:400])


@check("command: saved-searches list and describe, and one that is run")
def saved_searches(world):
    sketch = the_sketch(world)
    kept = sketch.create_view("Bob", query_string="user:bob", query_filter={"size": 100})
    holds(f"{kept.id} Bob" in timesketch(world, "saved-searches list", sketch=sketch), "not listed")
    holds("query_string: user:bob" in timesketch(world, "saved-searches describe", str(kept.id), sketch=sketch), "not told")
    found = timesketch(world, "search", "--saved-search", str(kept.id), form="csv", sketch=sketch)
    equal(len(list(csv.DictReader(io.StringIO(found)))), 12)


@check("command: events add, annotate, remove_tag")
def events(world):
    sketch = the_sketch(world)
    told = timesketch(
        world, "events add", "--message", "typed", "--date", "2024-02-02T00:00:00+00:00",
        "--timestamp-desc", "Noted", "--attributes", "by=hand,why=test", sketch=sketch,
    )
    holds("Event added to sketch: by command" in told, told)
    search = sketch.explore("by:hand", as_object=True, return_fields="message")
    (hit,) = search.dict["objects"]
    by_hand = next(entry for entry in sketch.list_timelines() if entry.index_name == hit["_index"])
    mine = ["--timeline-id", str(by_hand.id), "--event-id", hit["_id"]]
    told = timesketch(world, "events annotate", *mine, "--tag", "one,two", "--comment", "first,second", sketch=sketch)
    holds("'one'" in told and "'two'" in told and "second" in told, told)
    told = timesketch(world, "events remove_tag", *mine, "--tag", "one", sketch=sketch)
    equal(sketch.explore("by:hand", as_object=True, return_fields="tag").dict["objects"][0]["_source"]["tag"], ["two"])
    sketch.label_events([{"_id": hit["_id"], "_index": hit["_index"], "_type": "generic_event"}], "__ts_star")
    for label in ("star", "comment"):
        found = json.loads(timesketch(world, "search", "--label", label, form="json", sketch=sketch))
        equal([entry["message"] for entry in found], ["typed"])


@check("command: sketch labels, attributes, stories")
def about(world):
    sketch = the_sketch(world)
    timesketch(world, "sketch add_label", "--label", "typed", sketch=sketch)
    holds("typed" in timesketch(world, "sketch list_label", sketch=sketch), "no label")
    timesketch(world, "sketch remove_label", "--label", "typed", sketch=sketch)
    holds("typed" not in timesketch(world, "sketch list_label", sketch=sketch), "the label stays")
    mine = ["--name", "ticket", "--ontology", "text"]
    holds("Value: CASE-1" in timesketch(world, "sketch attributes add", *mine, "--value", "CASE-1", sketch=sketch), "not added")
    holds("Name: ticket: Ontology: text Value: CASE-1" in timesketch(world, "sketch attributes list", sketch=sketch), "no attribute")
    holds("Attribute removed" in timesketch(world, "sketch attributes remove", *mine, sketch=sketch), "not removed")
    equal(timesketch(world, "sketch create-story", "--title", "Typed", sketch=sketch).strip(), "Story created: Typed")
    holds("Typed" in timesketch(world, "sketch list-stories", sketch=sketch), "not listed")


@check("command: intelligence add and list")
def intelligence(world):
    sketch = the_sketch(world)
    timesketch(world, "intelligence add", "--ioc", "198.51.100.7", "--ioc-type", "ipv4", "--tags", "c2,seen", sketch=sketch)
    told = timesketch(world, "intelligence list", "--columns", "ioc,type", form="csv", sketch=sketch)
    equal(told.strip().split("\n"), ["ioc,type", "198.51.100.7,ipv4"])


@check("command: analyze list, run, results")
def analyze(world):
    sketch = the_sketch(world)
    holds("domain" in timesketch(world, "analyze list", sketch=sketch), "not listed")
    timeline = next(entry for entry in sketch.list_timelines() if entry.name == "renamed")
    told = timesketch(world, "analyze run", "--analyzer", "domain", "--timeline", str(timeline.id), sketch=sketch)
    holds("Running analyzer [domain] on [renamed]" in told and "Results" in told, told)
    told = timesketch(world, "analyze results", "--analyzer", "domain", "--timeline", "all", form="json", sketch=sketch)
    holds("domain" in told, told[:300])


@check("command: sigma list and describe")
def sigma(world):
    rule = world.api.create_sigmarule(RULE)
    found = json.loads(timesketch(world, "sigma list", form="json"))
    holds(rule.rule_uuid in [entry["rule_uuid"] for entry in found], f"listed are {found}")
    holds("Typed rule" in timesketch(world, "sigma list", "--columns", "rule_uuid,title"), "not listed as text")
    told = timesketch(world, "sigma describe", "--rule-uuid", rule.rule_uuid)
    holds("Title: Typed rule" in told and "Search: (" in told, told)
    same = sigma_lib.SigmaRule(world.api)
    same.from_rule_uuid(rule.rule_uuid)
    equal(same.title, "Typed rule")
    rule.delete()


@check("command: sketch export in its three ways")
def export(world):
    sketch = the_sketch(world)
    for name, words in [("events", []), ("streamed", ["--stream"]), ("whole", ["--use_sketch_export"])]:
        path = world.path(f"{name}.zip")
        holds("Finish" in timesketch(world, "sketch export", "--filename", path, *words, sketch=sketch), "not finished")
        with zipfile.ZipFile(path) as archive:
            equal(archive.testzip(), None)
            holds(archive.namelist(), "an empty ZIP")
    path = world.path("annotated.csv")
    timesketch(world, "sketch export-only-with-annotations", "--filename", path, sketch=sketch)
    with open(path, encoding="utf-8") as handle:
        equal([row["message"] for row in csv.DictReader(handle)], ["typed"])


@check("command: sketch archive, unarchive, timelines delete, sketch delete")
def away(world):
    sketch = the_sketch(world)
    # The command asks its client for a member that the client does not have (20261014).
    try:
        timesketch(world, "sketch archive", sketch=sketch)
    except AttributeError as error_of_theirs:
        holds("can_archive" in str(error_of_theirs), str(error_of_theirs))
        sketch.archive()
    equal(timesketch(world, "sketch unarchive", sketch=sketch).strip(), "Sketch unarchived")
    sketch = the_sketch(world)
    timeline = next(entry for entry in sketch.list_timelines() if entry.name == "renamed")
    timesketch(world, "timelines delete", str(timeline.id), sketch=sketch, input="y\n")
    holds("renamed" not in timesketch(world, "timelines list", sketch=sketch), "still listed")
    holds("Would delete" in timesketch(world, "sketch delete", sketch=sketch), "no warning")
    # The flag deletes for good, which administrators may.
    told = timesketch(world, "sketch delete", "--force_delete", sketch=sketch, ends=1)
    holds("not an admin" in told, told)
    sketch.delete()


@check("importer: CSV into a new sketch, with a mapping file")
def importer_mapping(world):
    path = world.path("odd.csv")
    with open(path, "w", encoding="utf-8") as handle:
        handle.write("When,Who,What\n2024-06-01T00:00:00Z,ana,came\n2024-06-01T01:00:00Z,bob,went\n")
    formats = world.path("formats.yaml")
    with open(formats, "w", encoding="utf-8") as handle:
        handle.write("odd:\n  message: '{Who} {What}'\n  timestamp_desc: Seen\n  datetime: When\n  columns_subset: 'When,Who'\n")
    told = importer(
        world, "--sketch_name", "by importer", "--timeline_name", "odd", "--log-config-file", formats,
        "--context", "typed", "--data_label", "odd", "--threshold_entry", "1", path,
    )
    holds("Timeline uploaded to Timeline Id" in told, told[-400:])
    (sketch,) = world.api.get_sketches_by_name("by importer")
    found = sketch.explore("*", return_fields="message,timestamp_desc")["objects"]
    equal([(hit["_source"]["message"], hit["_source"]["timestamp_desc"]) for hit in found], [("ana came", "Seen"), ("bob went", "Seen")])
    (source,) = sketch.list_timelines()[0].data_sources[:1]
    equal((source["provider"], source["context"]), ("CLI importer tool", "typed"))


@check("importer: JSON lines into a sketch of that id, not waited for, with an analyzer when waited for")
def importer_jsonl(world):
    (sketch,) = world.api.get_sketches_by_name("by importer")
    path = data.write_jsonl(world.path("lines.jsonl"), data.login_rows(30, seed=60))
    importer(world, "--sketch_id", str(sketch.id), "--timeline_name", "lines", "--quick", path)
    world.wait_ready(sketch.get_timeline(timeline_name="lines"))
    # Of rows that it has gathered and not yet sent the program knows no timeline to wait for: so it sends soon.
    words = ["--timeline_name", "analyzed", "--threshold_entry", "10", "--analyzer_names", "domain", "--", path]
    told = importer(world, "--sketch_id", str(sketch.id), *words)
    holds("[DONE]" in told, told[-300:])
    equal(sketch.explore("user:alice", as_object=True).expected_size, 12)


@check("importer: its version")
def importer_version(world):
    holds("Importer Client Version: 20261014" in importer(world, "--version"), "no version")


def report():
    """Verbs that no check has run."""
    return sorted(set(dict(list_verbs.verbs_of(cli.cli))) - RUN)
