"""What analyzers leave behind: tags, fields, emojis, saved searches, aggregations and stories, read by the client."""

import json

from timesketch_api_client import error

from harness import check, equal, holds, raises, wait_for_analyses

LOGON = ["S-1", "PC$", "CORP", "0x3e7", "S-2", "eve", "CORP", "0xabc", "3", "NtLmSsp"]
LOGON += ["NTLM", "-", "{}", "-", "-", "0", "0x0", "-", "10.0.0.7", "4444"]


def row(hour, message, **fields):
    return {
        "datetime": f"2024-06-01T{hour:02d}:00:00+00:00",
        "timestamp_desc": "Logged",
        "message": message,
        **fields,
    }


def web(hour, url, **fields):
    return row(hour, f"visited {url}", source_short="WEBHIST", url=url, **fields)


def evtx(hour, number, **fields):
    return row(hour, f"event {number}", data_type="windows:evtx:record", event_identifier=number, **fields)


ROWS = [
    web(9, "https://www.google.com/search?q=how+to+hide"),
    web(9, "https://x.cloudfront.net/lib.js"),
    web(10, "https://mail.google.com/mail/u/0/#inbox", title="eve.e@gmail.com"),
    row(10, "download", data_type="chrome:history:file_downloaded", full_path="/home/eve/evil.sh"),
    row(11, "file", data_type="fs:stat", filename="/home/eve/evil.sh"),
    evtx(12, 4624, strings=LOGON),
    evtx(13, 4634, strings=["S-2", "eve", "CORP", "0xabc", "7"]),
    evtx(14, 1102, source_name="Microsoft-Windows-Eventlog"),
]
ROWS += [
    row(
        15,
        f"[sshd] {body}",
        reporter="sshd",
        hostname="srv",
        body=body,
    )
    for body in ["Failed password for root from 10.0.0.9 port 22 ssh2"] * 20
    + ["Accepted password for root from 10.0.0.9 port 23 ssh2"]
]


def evidence(world):
    """A sketch of its own with one timeline, analysed once."""
    for sketch in world.api.list_sketches():
        if sketch.name == "analysed":
            return sketch, sketch.list_timelines()[0]
    sketch = world.api.create_sketch("analysed")
    answer = world.api.session.post(
        f"{world.api.api_root}/upload/",
        data={"sketch_id": sketch.id, "name": "evidence", "events": "\n".join(json.dumps(one) for one in ROWS)},
    )
    equal(answer.status_code, 201)
    sketch.lazyload_data(refresh_cache=True)
    timeline = sketch.list_timelines()[0]
    wait_for_analyses(timeline.run_analyzers(["*"]), seconds=120)
    sketch.lazyload_data(refresh_cache=True)
    return sketch, timeline


def hits(sketch, query, fields):
    answer = sketch.explore(query, return_fields=f"message,tag,__ts_emojis,{fields}")
    return [hit["_source"] for hit in answer["objects"]]


@check("analyzer marks: those of browsers")
def browsers(world):
    sketch, _ = evidence(world)
    (found,) = hits(sketch, 'tag:"browser-search"', "search_string,search_engine,search_day,domain,human_readable")
    equal(found["search_string"], "how to hide")
    equal(found["search_engine"], "Google")
    equal(found["search_day"], "D:2024-06-01")
    equal(found["domain"], "www.google.com")
    equal(found["human_readable"], ["[browser_search] Google search query: how to hide"])
    equal(found["__ts_emojis"], ["&#x1F50E"])
    (cdn,) = hits(sketch, 'tag:"known-cdn"', "cdn_provider,domain_count")
    equal((cdn["cdn_provider"], cdn["domain_count"]), ("Amazon CloudFront", 1))


@check("analyzer marks: those of log-ins, chains and rules")
def logins(world):
    sketch, _ = evidence(world)
    (logon,) = hits(sketch, 'tag:"logon-event"', "logon_type,username,source_address,workstation,logon_process")
    equal(
        [logon[name] for name in ("logon_type", "username", "source_address", "workstation", "logon_process")],
        ["Network", "eve", "10.0.0.7", "localhost", "NtLmSsp"],
    )
    (logoff,) = hits(sketch, 'tag:"logoff-event"', "logon_type")
    equal((logoff["logon_type"], sorted(logoff["__ts_emojis"])), ("Unlock", ["&#x1F512", "&#x1F5B5"]))
    (forced,) = hits(sketch, "tag:ssh_bruteforce", "username,ip_address,port,label")
    equal((forced["username"], forced["ip_address"], forced["port"]), ("root", "10.0.0.9", "23"))
    holds("__ts_star" in forced["label"], f"labels are {forced['label']}")
    chained = hits(sketch, "_exists_:chains", "chains")
    equal(len(chained), 2)
    equal({chain["plugin"] for event in chained for chain in event["chains"]}, {"chromefilesystem"})
    (cleared,) = hits(sketch, 'tag:"log-cleared"', "event_identifier")
    equal(cleared["event_identifier"], 1102)


@check("analyzer marks: saved searches, aggregations and stories")
def kept(world):
    sketch, timeline = evidence(world)
    names = {search.name for search in sketch.list_saved_searches()}
    holds({"Browser Search", "Event logs that were cleared"} <= names, f"saved searches are {names}")
    search = sketch.get_saved_search(search_name="Browser Search")
    equal(search.query_string, 'tag:"browser-search"')
    kept_names = {aggregation.name for aggregation in sketch.list_aggregations()}
    holds("Domain Analyzer: (evidence)" in kept_names, f"aggregations are {kept_names}")
    titles = {story.title for story in sketch.list_stories()}
    holds("Browser Artifacts - evidence" in titles, f"stories are {titles}")


@check("analyzer marks: results tell what was found, newer ones as JSON")
def results(world):
    _, timeline = evidence(world)
    entries = world.api.session.get(f"{world.api.api_root}/sketches/{timeline._sketch_id}/timelines/{timeline.id}/analysis/")
    told = {}
    for entry in entries.json()["objects"][0]:
        told.setdefault(entry["analyzer_name"], []).append(entry)
    equal(told["login"][0]["result"], "Total number of login events processed: 1 and logoff events: 1")
    forced = json.loads(told["sshbruteforceanalyzer"][0]["result"])
    equal((forced["result_priority"], forced["result_summary"]), ("HIGH", "1 brute force from 10.0.0.9"))
    equal(forced["platform_meta_data"]["created_tags"], ["ssh_bruteforce"])
    holds(len(told["tagger"]) > 1 and len(told["feature_extraction"]) > 1, "one analysis for each rule")
    holds(all(isinstance(json.loads(entry["parameters"]), dict) for some in told.values() for entry in some), "no JSON")


@check("analyzer marks: what was run is not run again, and what there is not is refused")
def again(world):
    _, timeline = evidence(world)
    equal(timeline.run_analyzer("login"), None)
    raises(error.UnableToRunAnalyzer, lambda: timeline.run_analyzer("nonsense"), "No analyzers found to run.")
    scored = wait_for_analyses(
        timeline.run_analyzers(
            ["similarity_scorer"], analyzer_kwargs={"similarity_scorer": {"data_type": "windows:evtx:record"}}
        )
    )
    holds("processed 3 events for data_type windows:evtx:record" in scored[0].results, scored[0].results)
