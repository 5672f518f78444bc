"""Analyzers: which there are, run by every member that runs one, and what is told of them."""

import time

from timesketch_import_client import importer

import data
from harness import check, equal, holds, raises

NAME = "domain"


def done(results, seconds=60):
    """Polls as people's scripts do, until every analysis has ended well."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        states = {state for result in results for states in result.status_dict.values() for state in states}
        if states <= {"DONE"} and states:
            return results
        holds("ERROR" not in states, f"states are {states}")
        time.sleep(0.2)
    raise AssertionError(f"still {states} after {seconds} s")


def visits(world):
    """A timeline of its own, whose domains are known."""
    found = world.refresh().get_timeline(timeline_name="visits")
    if found:
        return found
    streamer = importer.ImportStreamer()
    with streamer:
        streamer.set_sketch(world.sketch)
        streamer.set_timeline_name("visits")
        for number, row in enumerate(data.login_rows(40, seed=40)):
            streamer.add_dict({**row, "url": f"http://site-{number % 4}.example/{number}", "batch": "visits"})
    return world.wait_ready(streamer.timeline)


@check("analyzers: which there are")
def listed(world):
    found = world.sketch.list_available_analyzers()
    holds(NAME in [entry["name"] for entry in found], f"there are {found}")


@check("analyzers: one is run by its name, and what it found is told in every way")
def run(world):
    timeline = visits(world)
    results = done(timeline.run_analyzer(NAME, ignore_previous=True))
    result = next(entry for entry in results if NAME in entry.status_dict)
    holds(NAME in result.status and "DONE" in result.status, result.status)
    holds("DONE" in result.status_string, result.status_string)
    holds(result.results, "no result")
    holds(NAME in result.results_dict, f"results are {result.results_dict}")
    # The real server has no log either (null, seen), and the client cannot put that into words.
    raises(TypeError, lambda: result.log)
    told = world.refresh().get_analyzer_status()
    holds(any(NAME in entry.values() for entry in told), f"told is {told[:2]}")


@check("analyzers: several at once, through sketch, timeline and importer")
def several(world):
    timeline = visits(world)
    done(timeline.run_analyzers([NAME, "browser_timeframe"], ignore_previous=True))
    done(world.sketch.run_analyzer("browser_search", timeline_id=timeline.id))
    raises(ValueError, lambda: importer.run_analyzers([NAME]), "Timeline object not found")
    done(importer.run_analyzers(["phishy_domains"], timeline_obj=timeline))


@check("analyzers: what they tag is found")
def marks(world):
    search = world.refresh().explore("batch:visits AND _exists_:domain", as_object=True)
    equal(search.expected_size, 40)
