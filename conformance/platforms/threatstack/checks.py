"""The vendor's Python package against a server of ours, with mohawk as the judge of Hawk.

Arguments: the server's address, key of version 1, user, organization and key of version 2, and the file of examples where there is one.
"""

import contextlib
import io
import json
import sys
import time
from types import GeneratorType

import mohawk
import requests
import threatstack
from threatstack import ThreatStack, ThreatStackAPIError, ThreatStackClientError
from threatstack.v1 import client as v1_client
from threatstack.v2 import client as v2_client

URL, V1_KEY, USER_ID, ORG_ID, V2_KEY = sys.argv[1:6]
EXAMPLES = sys.argv[6] if len(sys.argv) > 6 else None
NOT_THERE = "f" * 24
CREDENTIALS = {"id": USER_ID, "key": V2_KEY, "algorithm": "sha256"}

v1_client.Client.BASE_URL = URL + "/api/v1/"
v2_client.Client.BASE_URL = URL + "/v2/"
# The page is about a release whose default was version 1; names that it spells in two ways mean the same.
threatstack.client.ThreatStack.__defaults__ = (None, None, None, 1, 120)
v1_client.Client.policy = property(lambda self: self.policies)
v1_client.Client.organization = property(lambda self: self.organizations)

passed = 0
failed = 0


def check(name):
    def run(body):
        global passed, failed
        try:
            told = body()
        except Exception as error:  # noqa: BLE001 - every failure is told
            failed += 1
            print("FAIL %s: %s: %s" % (name, type(error).__name__, error))
        else:
            passed += 1
            print("ok %s%s" % (name, "" if told is None else ": %s" % (told,)))

    return run


def v1():
    return ThreatStack(V1_KEY, api_version=1)


def v2():
    return ThreatStack(api_key=V2_KEY, org_id=ORG_ID, user_id=USER_ID, api_version=2)


def run_example(code, ids):
    for placeholder, value in ids.items():
        code = code.replace(placeholder, value)
    names = {"client": v1(), "ThreatStack": ThreatStack}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "example", "exec"), names)
        told = []
        for name in ("agents", "alerts", "logs", "orgs", "policies", "users", "agent", "alert", "policy", "details"):
            if name in names:
                value = names[name]
                told.append("%s: %s" % (name, count(value)))
    return printed.getvalue(), told


def count(value):
    if isinstance(value, GeneratorType):
        return "%d items" % len(list(value))
    return "%d members" % len(value)


# What each example must come to: how many items its list has, or members its dict.
EXPECTED = {
    "list agents": lambda out, told: len(out.splitlines()) == 30,
    "list alerts": lambda out, told: told == ["alerts: 150 items"],
    "list logs": lambda out, told: int(told[0].split()[1]) > 3,
    "list organizations": lambda out, told: told == ["orgs: 1 items"],
    "list policies": lambda out, told: told == ["policies: 1 items"],
    "a date range": lambda out, told: told == ["alerts: 155 items"],
    "a date and time range": lambda out, told: told == ["alerts: 5 items"],
    "datetime": lambda out, told: 55 <= int(told[0].split()[1]) <= 60,
    "pagination": lambda out, told: told == ["agents: 10 items"],
    "field filters": lambda out, told: told == ["agents: 30 items"],
    "get an agent": lambda out, told: told == ["agent: 17 members"],
    "get an alert": lambda out, told: told == ["alert: 18 members"],
    "get a policy": lambda out, told: told == ["policy: 15 members"],
    "what is not found": lambda out, told: out == "Agent not found\n",
    "users of an organization": lambda out, told: told == ["users: 1 items"],
    "alerts of the last hour in full": lambda out, told: "details: 18 members" in told,
}

client = v1()
IDS = {
    "<API_KEY>": V1_KEY,
    "<ORG_ID>": ORG_ID,
    "<org_id>": ORG_ID,
    "<AGENT_ID>": next(client.agents.list(count=1, page=0))["id"],
    "<ALERT_ID>": next(client.alerts.list(count=1, page=0))["id"],
    "<POLICY_ID>": next(client.policies.list())["id"],
}

for example in json.load(open(EXAMPLES)) if EXAMPLES else []:

    def body(name=example["name"], code=example["code"]):
        ids = dict(IDS, **({"<AGENT_ID>": NOT_THERE} if name == "what is not found" else {}))
        out, told = run_example(code, ids)
        assert EXPECTED.get(name, lambda out, told: True)(out, told), (out[:300], told)
        shown = ["printed %d lines" % len(out.splitlines())] if len(out.splitlines()) > 1 else [out.strip()] if out else []
        return ", ".join(shown + told)

    check("example: " + example["name"])(body)


@check("a host is found, printed by the example, and lists are generators")
def _():
    agent = client.agents.get(IDS["<AGENT_ID>"])
    assert isinstance(agent, dict) and agent["hostname"] == "web-0.example.org", agent
    assert isinstance(client.agents.list(), GeneratorType)
    fields = list(client.agents.list(fields=["hostname", "ip_address"]))
    assert all(set(one) == {"hostname", "ip_address"} for one in fields), fields[:2]


@check("what the package makes of refusals in version 1")
def _():
    assert client.agents.get(NOT_THERE) == {}
    assert client.alerts.get(NOT_THERE) == {}
    assert ThreatStack("wrong").agents.get(NOT_THERE) is None
    assert list(client.organizations.users(NOT_THERE)) == []
    for wrong in (lambda: client.logs.get("x"), lambda: client.organizations.get("x"), lambda: ThreatStack()):
        try:
            wrong()
        except ThreatStackClientError:
            continue
        raise AssertionError("no ThreatStackClientError")


@check("version 2: hosts, online and offline")
def _():
    online = list(v2().agents.list())
    offline = list(v2().agents.list(status="offline"))
    assert (len(online), len(offline)) == (15, 15), (len(online), len(offline))
    assert v2().agents.get(online[0]["id"]) == online[0]
    assert v2().agents.get(NOT_THERE) == {}
    return "15 online, 15 offline"


@check("version 2: alerts over several pages, their counts and events")
def _():
    alerts = list(v2().alerts.list())
    assert len(alerts) == 305, len(alerts)
    assert len({alert["id"] for alert in alerts}) == 305
    counts = v2().alerts.severity_counts()["severityCounts"]
    assert sum(one["count"] for one in counts) == 305, counts
    assert v2().alerts.get(alerts[0]["id"]) == alerts[0]
    assert v2().alerts.events(alerts[0]["id"])["events"]
    may = list(v2().alerts.list(start="2017-05-01", end="2017-05-02"))
    assert len(may) == 5, len(may)
    return "305 alerts, %s" % counts


@check("version 2: rulesets and rules")
def _():
    rulesets = list(v2().rulesets.list())
    rules = list(v2().rulesets.rules(rulesets[0]["id"]))
    assert len(rules) == len(rulesets[0]["rules"]), (len(rules), len(rulesets[0]["rules"]))
    assert v2().rulesets.rules(rulesets[0]["id"], rules[0]["id"]) == rules[0]
    agent = next(v2().agents.list())["id"]
    assert v2().rulesets.agents_for_ruleset(agent)["rulesets"] == rulesets
    return "%d rules of %s" % (len(rules), rulesets[0]["name"])


@check("version 2: vulnerabilities and servers")
def _():
    assert list(v2().vulnerabilities.list()) == []
    assert list(v2().vulnerabilities.suppressed(active=True)) == []
    assert v2().vulnerabilities.package("systemd") == {"packages": [], "token": None}
    assert v2().vulnerabilities.affected_servers("CVE-2018-15688") == {}
    assert list(v2().ec2servers.list(monitored=True)) == []


@check("version 2: what the package makes of a wrong key")
def _():
    wrong = ThreatStack(api_key="wrong", org_id=ORG_ID, user_id=USER_ID, api_version=2)
    try:
        list(wrong.agents.list())
    except ThreatStackAPIError as error:
        return str(error)
    raise AssertionError("no ThreatStackAPIError")


def send(method, path, content=None, **changes):
    """A request that mohawk signs, and the answer with what checks its signature."""
    url = URL + path
    kind = "application/json" if content is not None else ""
    sender = mohawk.Sender(
        dict(CREDENTIALS, **changes.pop("credentials", {})),
        url,
        method,
        content=content or "",
        content_type=kind,
        ext=ORG_ID,
        always_hash_content=content is not None,
        **changes,
    )
    headers = {"Authorization": sender.request_header}
    if content is not None:
        headers["Content-Type"] = kind
    return sender, requests.request(method, url, data=content, headers=headers)


@check("mohawk: the self-test, whose answer it accepts")
def _():
    sender, answer = send("GET", "/help/hawk/self-test")
    assert answer.status_code == 200, answer.text
    sender.accept_response(
        answer.headers["Server-Authorization"], content=answer.text, content_type=answer.headers["Content-Type"]
    )
    return answer.text


@check("mohawk: a body that it signed is taken, and the answer accepted")
def _():
    sender, answer = send("POST", "/v2/rulesets", json.dumps({"name": "by mohawk", "description": "ä", "ruleIds": []}))
    assert answer.status_code == 201, answer.text
    sender.accept_response(
        answer.headers["Server-Authorization"], content=answer.content, content_type=answer.headers["Content-Type"]
    )
    sender, answer = send("DELETE", "/v2/rulesets/" + answer.json()["id"])
    assert answer.status_code == 204, answer.text
    sender.accept_response(answer.headers["Server-Authorization"], content="", content_type="")


@check("mohawk: an answer that was changed is not accepted")
def _():
    sender, answer = send("GET", "/help/hawk/self-test")
    try:
        sender.accept_response(
            answer.headers["Server-Authorization"], content=answer.text + " ", content_type=answer.headers["Content-Type"]
        )
    except mohawk.exc.MisComputedContentHash:
        return None
    raise AssertionError("it was accepted")


@check("mohawk: queries of every kind are signed as they are sent")
def _():
    for query in ("?status=active&severity1", "?status=active&x=%C3%A4%20b+c", "?status=active&a=1&a=2&b="):
        _, answer = send("GET", "/v2/alerts" + query)
        assert answer.status_code == 200, (query, answer.text)


@check("mohawk: replayed, stale and wrong requests are refused")
def _():
    now = int(time.time())
    statuses = [send("GET", "/help/hawk/self-test", nonce="replayed", _timestamp=now)[1].status_code for _ in range(2)]
    assert statuses == [200, 401], statuses
    _, stale = send("GET", "/help/hawk/self-test", _timestamp=now - 3600)
    assert stale.status_code == 401 and 'error="Stale timestamp"' in stale.headers["WWW-Authenticate"], stale.headers
    _, wrong = send("GET", "/help/hawk/self-test", credentials={"key": "wrong"})
    assert wrong.status_code == 401 and "errors" in wrong.json(), wrong.text
    _, nobody = send("GET", "/help/hawk/self-test", credentials={"id": NOT_THERE})
    assert nobody.status_code == 401, nobody.text


print("threatstack-python: %d passed, %d failed" % (passed, failed))
