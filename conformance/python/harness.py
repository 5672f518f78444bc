"""Names, runs and counts checks. A check is a function; it fails by raising."""

import os
import time
import traceback

CHECKS = []


def check(name):
    """Registers a function as a check; checks run in the order in which they are written."""

    def register(function):
        CHECKS.append((name, function))
        return function

    return register


class World:
    """What the checks share: where the server is, who asks it, and what earlier checks made there."""

    def __init__(self, url, user, password, admin, admin_password, folder):
        self.url = url
        self.user = user
        self.password = password
        self.admin = admin
        self.admin_password = admin_password
        self.folder = folder
        self.api = None
        self.admin_api = None
        self.sketch = None

    def path(self, name):
        return os.path.join(self.folder, name)

    def refresh(self):
        """Reads the sketch again: the client keeps what it read once."""
        self.sketch.lazyload_data(refresh_cache=True)
        return self.sketch

    def timeline(self, name):
        for timeline in self.refresh().list_timelines():
            if timeline.name == name:
                return timeline
        raise AssertionError(f"the sketch has no timeline {name!r}")

    def wait_ready(self, timeline, seconds=60):
        """Polls as people's scripts do, until the timeline says ready."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            status = timeline.status
            if status == "ready":
                return timeline
            if status == "fail":
                reasons = [source["error_message"] for source in timeline.data_sources]
                raise AssertionError(f"timeline {timeline.id} failed: {reasons}")
            time.sleep(0.1)
        raise AssertionError(f"timeline {timeline.id} is still {timeline.status} after {seconds} s")


def equal(found, expected, what="value"):
    if found != expected:
        raise AssertionError(f"{what}: expected {short(expected)}, found {short(found)}")


def holds(condition, what):
    if not condition:
        raise AssertionError(what)


def raises(kind, function, text=""):
    """The error that `function` must raise, with `text` in its message."""
    try:
        function()
    except kind as error:  # the checked outcome
        if text and text not in str(error):
            raise AssertionError(f"expected an error with {text!r}, found {short(str(error))}") from error
        return error
    raise AssertionError(f"expected {getattr(kind, '__name__', kind)}, nothing was raised")


def wait_for_analyses(results, seconds=60):
    """Polls as people's scripts do, until every analysis has ended well."""
    end = time.monotonic() + seconds
    states = set()
    while time.monotonic() < end:
        states = {state for result in results[:1] for some in result.status_dict.values() for state in some}
        if "ERROR" in states:
            raise AssertionError(f"an analysis failed: {short(results[0].results)}")
        if states == {"DONE"}:
            return results
        time.sleep(0.2)
    raise AssertionError(f"analyses are still {states} after {seconds} s")


def short(value):
    text = repr(value)
    return text if len(text) < 300 else text[:300] + "…"


def run(world, only=()):
    passed = failed = 0
    for name, function in CHECKS:
        if only and not any(part in name for part in only):
            continue
        try:
            function(world)
        except Exception as error:  # a failed check must not stop the others
            failed += 1
            reason = (str(error) or type(error).__name__).splitlines()[0][:400]
            if not isinstance(error, AssertionError):
                where = traceback.extract_tb(error.__traceback__)[-1]
                reason = f"{type(error).__name__}: {reason} ({os.path.basename(where.filename)}:{where.lineno})"
            print(f"FAIL {name}: {reason}", flush=True)
        else:
            passed += 1
            print(f"ok {name}", flush=True)
    return passed, failed
