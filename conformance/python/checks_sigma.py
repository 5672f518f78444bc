"""Sigma rules: stored, listed, read, changed and removed, and the question that is made of them."""

from timesketch_api_client import sigma as sigma_lib

from harness import check, equal, holds, raises

RULE_ID = "5266a592-b793-11ea-b3de-0242ac13c0de"
RULE = f"""title: Scanner installed
id: {RULE_ID}
status: stable
description: Somebody installed a scanner
author: conformance
date: 2024/01/02
modified: 2024/02/03
references:
    - https://rules.example/scanner
logsource:
    product: linux
    service: shell
detection:
    keywords:
        - '*apt-get install zmap*'
    condition: keywords
falsepositives:
    - Work of administrators
level: high
"""
QUERY = (
    '(data_type:("shell:zsh:history" OR "bash:history:command" OR "apt:history:line" OR "selinux:line")'
    ' AND "apt-get install zmap")'
)


@check("sigma: a rule is stored and read back in every respect")
def create(world):
    rule = world.api.create_sigmarule(RULE)
    equal(rule.id, RULE_ID)
    again = world.api.get_sigmarule(RULE_ID)
    equal(again.rule_uuid, RULE_ID)
    equal(again.search_query, QUERY)
    equal(
        (again.title, again.description, again.status, again.level, again.author, again.date, again.modified),
        (
            "Scanner installed", "Somebody installed a scanner", "stable", "high", "conformance", "2024/01/02",
            "2024/02/03",
        ),
    )
    equal(again.references, ["https://rules.example/scanner"])
    equal(again.falsepositives, ["Work of administrators"])
    equal(again.logsource, {"product": "linux", "service": "shell"})
    equal(again.detection, {"keywords": ["*apt-get install zmap*"], "condition": "keywords"})
    holds("search_query" in again.attributes, "no search_query among the attributes")
    equal(again.get_attribute("nosuch"), "")


@check("sigma: rules are listed, as objects and as a table")
def listing(world):
    (found,) = [rule for rule in world.api.list_sigmarules() if rule.rule_uuid == RULE_ID]
    equal((found.title, found.status), ("Scanner installed", "stable"))
    table = world.api.list_sigmarules(as_pandas=True)
    equal(table[table.rule_uuid == RULE_ID].title.tolist(), ["Scanner installed"])


@check("sigma: the question finds the events that the rule is about")
def find(world):
    sketch = world.api.create_sketch("sigma")
    rows = [
        '{"message": "apt-get install zmap", "datetime": "2024-05-01T00:00:00+00:00", "timestamp_desc": "x",'
        f' "data_type": "{kind}"}}'
        for kind in ("bash:history:command", "syslog:line")
    ]
    answer = world.api.session.post(
        f"{world.api.api_root}/upload/", data={"sketch_id": sketch.id, "name": "shell", "events": "\n".join(rows)}
    )
    equal(answer.status_code, 201)
    hits = sketch.explore(world.api.get_sigmarule(RULE_ID).search_query, as_pandas=True, return_fields="data_type")
    equal(hits.data_type.tolist(), ["bash:history:command"])


@check("sigma: a text is read without being stored")
def from_text(world):
    rule = sigma_lib.SigmaRule(world.api)
    rule.from_text(RULE.replace(RULE_ID, RULE_ID[::-1]))
    equal((rule.title, rule.search_query), ("Scanner installed", QUERY))
    raises(Exception, lambda: world.api.get_sigmarule(RULE_ID[::-1]).title)
    raises(ValueError, lambda: world.api.parse_sigmarule_by_text(""), "No rule text given")


@check("sigma: a rule is changed by whoever added it")
def change(world):
    url = f"{world.api.api_root}/sigmarules/{RULE_ID}/"
    answer = world.api.session.put(url, json={"rule_yaml": RULE.replace("Scanner installed", "Scanner at work")})
    equal(answer.status_code, 200)
    equal(world.api.get_sigmarule(RULE_ID).title, "Scanner at work")
    other = world.api.session.put(url, json={"rule_yaml": RULE.replace(RULE_ID, RULE_ID[::-1])})
    equal(other.status_code, 400)
    holds(other.json()["message"].startswith("Rule ID mismatch parameter:"), other.text)


@check("sigma: what is no rule, or one too many, is refused")
def refusals(world):
    def post(path, body):
        answer = world.api.session.post(f"{world.api.api_root}/{path}", json=body)
        return answer.status_code, answer.json()["message"]

    equal(post("sigmarules/", {"rule_yaml": RULE})[0], 403)
    equal(post("sigmarules/", {}), (400, "No rule_yaml supplied in the POST request to the API."))
    equal(post("sigmarules/", {"rule_yaml": "title: x\n"})[0], 400)
    equal(post("sigmarules/text/", {}), (400, "Missing value in the request. Nothing to parse"))
    equal(post("sigmarules/text/", {"content": "title: [unclosed"})[0], 400)
    raises(RuntimeError, lambda: world.api.create_sigmarule("title: [unclosed"))


@check("sigma: a rule is removed, and is no more")
def remove(world):
    rule = world.api.get_sigmarule(RULE_ID)
    holds(rule.delete(), "not deleted")
    equal([rule.rule_uuid for rule in world.api.list_sigmarules() if rule.rule_uuid == RULE_ID], [])
    answer = world.api.session.delete(f"{world.api.api_root}/sigmarules/{RULE_ID}/")
    equal((answer.status_code, answer.json()["message"]), (404, f"No rule found with rule_uuid.{RULE_ID}"))
