"""The vendor's recipes as they stand, and a standard OAuth library, against the server that the arguments name.

    checks.py URL CONTROL_URL CLIENT_ID SECRET READING_ID READING_SECRET [RECIPES]

Without the folder of the recipes only what does not need them is checked.
"""

import contextlib
import importlib
import io
import json
import os
import re
import sys
import traceback
import urllib.request

import requests
from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session
from urllib3.util import SKIP_HEADER

URL, CONTROL, CLIENT_ID, SECRET, READING_ID, READING_SECRET = sys.argv[1:7]
RECIPES = sys.argv[7] if len(sys.argv) > 7 else None
# The library refuses plain HTTP, which is enough on one machine.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

passed = failed = 0


class Stop(Exception):
    """Ends what never ends by itself."""


def happen(**what):
    """Lets the server store something, and gives the ids of it."""
    body = json.dumps(what).encode()
    with urllib.request.urlopen(urllib.request.Request(CONTROL, data=body)) as answer:
        return json.load(answer)


def run(function, *args):
    """What a function prints, and what it gives or raises."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            result = function(*args)
        except (Exception, SystemExit) as error:
            result = error
    return out.getvalue(), result


def check(function):
    global passed, failed
    name = function.__doc__.strip()
    try:
        told = function()
        passed += 1
        print(f"ok {name}" + (f": {told}" if told else ""), flush=True)
    except Exception:
        failed += 1
        print(f"FAIL {name}\n{traceback.format_exc()}", flush=True)


def expect(found, wanted, what=""):
    assert found == wanted, f"{what} expected {wanted!r}, found {found!r}"


def recipe(module):
    sys.path.insert(0, RECIPES)
    return importlib.import_module(module)


def authentication():
    """recipe 1, authentication: a token, or what was wrong and the transaction"""
    authenticate = recipe("authentication").authenticate
    out, token = run(authenticate, CLIENT_ID, SECRET)
    assert isinstance(token, str) and len(token) > 20, token
    out, error = run(authenticate, CLIENT_ID, "wrong")
    expect(str(error), "Authentication failed")
    assert re.search(r'Response=\{"error":"invalid_client"', out), out
    assert re.search(r"^Transaction-id=0000-[0-9a-f]{16}$", out, re.M), out
    return "printed " + out.strip().split("\n")[-1]


def devices():
    """recipe 2, listing devices: 23 critical ones in pages of 10, 10 and 3"""
    out, error = run(recipe("get_devices").list_all_devices, CLIENT_ID, SECRET)
    assert not isinstance(error, Exception), error
    lines = out.strip().split("\n")
    kinds = "".join({"D": "d", "L": "n" if "next" in line else "e"}[line[0]] for line in lines)
    expect(kinds, "d" * 10 + "n" + "d" * 10 + "n" + "d" * 3 + "e")
    names = {line for line in lines if line.startswith("Device name=")}
    expect(len(names), 23)
    assert all(line.endswith(", status=critical, company=Example Oy") for line in names), names
    return f"printed {lines[0]!r} … {lines[-1]!r}"


def poll_events():
    """recipe 3, polling security events: each that comes meanwhile prints once, over pages too"""
    module = recipe("poll_security_events")
    stored = []
    sizes = [3, 450, 0, 1, 220]

    def sleep(seconds):
        expect(seconds, 60)
        if not sizes:
            raise Stop()
        size = sizes.pop(0)
        stored.extend(happen(events=size) if size else [])

    module.sleep = sleep
    out, error = run(module.poll_security_events, CLIENT_ID, SECRET, 60)
    assert isinstance(error, Stop), repr(error) + out[-500:]
    # The recipe asks for two groups: those of the engine of mail are none of them.
    wanted = [one for one in stored if int(one.rsplit("_", 1)[1]) % 6 != 5]
    printed = re.findall(r"^EventId=(\S+), EventTs=\S+Z$", out, re.M)
    expect(len(printed), len(set(printed)), "events printed twice:")
    expect(sorted(printed), sorted(wanted))
    return f"printed {len(printed)} events, each once, and {out.count('Last date')} times the last date"


def count_events():
    """recipe 4, counting security events by engine: a table"""
    module = recipe("security_events_stats")
    out, error = run(module.count_by_engine_last_week, CLIENT_ID, SECRET, None)
    assert not isinstance(error, Exception), error
    rows = re.findall(r"^\|(\w+)\|(\d+)\|$", out, re.M)
    expect(out.split("\n")[0], "|Engine|Events count|")
    expect(sorted(engine for engine, _ in rows), ["browsingProtection", "deepGuard", "fileScanning", "firewall"])
    counts = [int(count) for _, count in rows]
    expect(counts, sorted(counts, reverse=True))
    return "printed " + " ".join(out.split("\n")[1:]).strip()


def poll_detections():
    """recipe 5, polling EDR detections: those of incidents that were updated, over pages"""
    module = recipe("poll_incident_updates")
    stored = []
    sizes = [130, 0, 2]

    def sleep(seconds):
        expect(seconds, 60)
        if not sizes:
            raise Stop()
        size = sizes.pop(0)
        stored.extend(happen(detections=size)[1:] if size else [])

    module.sleep = sleep
    out, error = run(module.poll_edr_detections, CLIENT_ID, SECRET, 60)
    assert isinstance(error, Stop), repr(error) + out[-500:]
    printed = re.findall(r"^DetectionId=(\S+), IncidentId=\S+, Created=\S+Z$", out, re.M)
    expect(sorted(printed), sorted(stored))
    updates = re.findall(r"^IncidentId=(\S+), Updated Ts=\S+$", out, re.M)
    expect(len(updates), 2)
    return f"printed {len(updates)} incidents and {len(printed)} detections, each once"


def oauth_library():
    """a standard OAuth library gets a token by client credentials, and calls with it"""
    session = OAuth2Session(client=BackendApplicationClient(CLIENT_ID, scope=["connect.api.read"]))
    token = session.fetch_token(f"{URL}/as/token.oauth2", auth=HTTPBasicAuth(CLIENT_ID, SECRET))
    expect(token["token_type"], "Bearer")
    answer = session.get(f"{URL}/whoami/v1/whoami")
    expect(answer.json()["clientId"], CLIENT_ID)
    return f"expires_in {token['expires_in']}"


def oauth_errors():
    """the library understands how credentials and scopes are refused"""

    def fetch(client_id, secret, scope):
        session = OAuth2Session(client=BackendApplicationClient(client_id, scope=scope))
        try:
            session.fetch_token(f"{URL}/as/token.oauth2", auth=HTTPBasicAuth(client_id, secret))
        except OAuth2Error as error:
            return error.error
        return None

    expect(fetch(CLIENT_ID, "wrong", ["connect.api.read"]), "invalid_client")
    expect(fetch(READING_ID, READING_SECRET, ["connect.api.write"]), "invalid_scope")
    expect(fetch(READING_ID, READING_SECRET, ["connect.api.read"]), None)


def refusals():
    """refusals have the vendor's shape, and every answer its transaction"""

    def ask(method, path, **more):
        headers = {"User-Agent": "check", **more.pop("headers", {})}
        return requests.request(method, URL + path, headers=headers, timeout=60, **more)

    token = requests.post(
        f"{URL}/as/token.oauth2",
        data={"grant_type": "client_credentials"},
        auth=(READING_ID, READING_SECRET),
        timeout=60,
    ).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    events = "/security-events/v1/security-events"
    cases = [
        (401, ask("GET", "/devices/v1/devices")),
        (401, ask("GET", "/devices/v1/devices", headers={"Authorization": "Bearer nothing"})),
        (400, ask("GET", "/devices/v1/devices", headers={**bearer, "User-Agent": SKIP_HEADER})),
        (403, ask("PATCH", "/devices/v1/devices", headers=bearer, json={"targets": ["x"], "alias": "y"})),
        (404, ask("GET", "/devices/v1/devices", headers=bearer, params={"deviceId": "nothing"})),
        (404, ask("GET", "/nothing/v1/nothing", headers=bearer)),
        (400, ask("POST", events, headers=bearer, data={"engineGroup": "epp"})),
        (400, ask("POST", events, headers=bearer, data={"engineGroup": "epp", "anchor": "x"})),
        (400, ask("GET", "/devices/v1/devices", headers=bearer, params={"limit": 0})),
    ]
    for status, answer in cases:
        expect(answer.status_code, status, answer.request.url)
        body = answer.json()
        expect(body["code"] // 1000, status)
        expect(body["transactionId"], answer.headers["X-Transaction"])
        assert body["message"] and body["details"]["reason"], body
    return f"{len(cases)} refusals"


if RECIPES:
    for one in (authentication, devices, poll_events, count_events, poll_detections):
        check(one)
for one in (oauth_library, oauth_errors, refusals):
    check(one)
print(f"elements-python: {passed} passed, {failed} failed")
sys.exit(0 if failed == 0 else 1)
