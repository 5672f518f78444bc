"""Names, runs and counts checks. A check is a function; it fails by raising."""

import os
import time
import traceback

CHECKS = []


class Check:
    def __init__(self, name, function, is_ground, needs):
        self.name = name
        self.function = function
        self.is_ground = is_ground
        self.needs = needs
        self.file = function.__module__


def check(name, is_ground=False, needs=()):
    """Registers a function as a check; checks run in the order in which they are written.

    Checks that are ground run whatever is chosen: all others stand on them. `needs` are the names of checks of other files that
    must have run before.
    """

    def register(function):
        CHECKS.append(Check(name, function, is_ground, needs))
        return function

    return register


def choose(only):
    """The checks whose names contain one of these, and those before them in their files, on which they may stand; all without any."""
    if not only:
        return CHECKS
    chosen = [one for one in CHECKS if any(part in one.name for part in only)]
    if not chosen:
        raise SystemExit(f"no check has a name with {' or '.join(only)}")
    while True:
        names = {one.name for one in chosen} | {name for one in chosen for name in one.needs}
        last = {one.file: place for place, one in enumerate(CHECKS) if one.name in names}
        more = [one for place, one in enumerate(CHECKS) if one.is_ground or place <= last.get(one.file, -1)]
        if len(more) == len(chosen):
            return chosen
        chosen = more


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
    for name, function in ((one.name, one.function) for one in choose(only)):
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
