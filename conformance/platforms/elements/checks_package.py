"""The Python package withsecure-elements-api, unmodified: an independent client of every call that it has.

Arguments: URL CLIENT_ID SECRET. It drops the path of an address, so the dialect has to be at the root of one.
"""

import sys
import traceback
from datetime import datetime, timedelta, timezone

from withsecure import Client
from withsecure.exceptions import AuthenticationError, ClientError, ResourceNotFound

URL, CLIENT_ID, SECRET = sys.argv[1:4]
passed = failed = 0
client = Client(CLIENT_ID, SECRET, url=URL)
raw = Client(CLIENT_ID, SECRET, url=URL, json_output=True)
LAST_WEEK = datetime.now(timezone.utc) - timedelta(days=7)


def check(function):
    global passed, failed
    try:
        told = function()
        passed += 1
        print(f"ok package: {function.__doc__}" + (f": {told}" if told is not None else ""), flush=True)
    except Exception:
        failed += 1
        print(f"FAIL package: {function.__doc__}\n{traceback.format_exc()}", flush=True)


def raises(kind, function, *args, **more):
    try:
        function(*args, **more)
    except kind:
        return
    raise AssertionError(f"{kind.__name__} was expected")


def authenticate():
    """authenticate, and be refused"""
    client.authenticate(read_write=True)
    raw.authenticate()
    raises(AuthenticationError, Client(CLIENT_ID, "wrong", url=URL).authenticate)
    assert raw.whoami()["clientId"] == CLIENT_ID


def organizations():
    """organizations as objects"""
    found = client.get_organizations()
    assert found and all(one.type == "company" for one in found)
    assert client.get_organization_by_id(found[0].id).name == found[0].name
    return [one.name for one in found]


def devices():
    """devices as objects, by every filter, counted and as a histogram"""
    found = client.get_devices(protection_status_overview="critical")
    assert len(found) == 23, len(found)
    assert found[0].company.name == "Example Oy" and found[0].protection_status_overview == "critical"
    assert client.get_device_by_id(found[0].id).name == found[0].name
    raises(ResourceNotFound, client.get_device_by_id, "nothing")
    narrow = raw.get_devices(device_type="computer", state="active", online=True, name=found[1].name)
    assert [one["id"] for one in narrow] == [found[1].id], narrow
    assert raw.get_devices(serial_number="x", os_name="x", label="x", ad_group="x", patch_overall_state="disabled") == []
    counts = raw.devices_count(group_by="protectionStatus", online=True)
    assert counts == [{"protectionStatus": "protected", "count": 60}], counts
    assert raw.devices_histogram()[0]["count"] == 60
    return f"{len(found)} critical"


def changes():
    """devices blocked, told what to do, and deleted"""
    [device] = client.get_devices(name="WS-40")
    assert device.set_blocked()["multistatus"][0]["status"] == 200
    assert raw.get_devices(state="blocked")[0]["id"] == device.id
    assert device.change_subscription_key("0000-1111")["multistatus"][0]["status"] == 200
    assert client.get_device_by_id(device.id).subscription.key == "0000-1111"
    answer = device.isolate("Stay")
    assert answer["multistatus"][0]["status"] == 202, answer
    device.scan_for_malware()
    device.show_message("Hello")
    device.turn_on_feature("debugLogging", 10)
    device.collect_diagnostic_file("Please")
    device.release()
    names = [one["operationName"] for one in device.get_operations()]
    assert names[-1] == "isolateFromNetwork" and len(names) == 6, names
    raises(ClientError, client.trigger_device_operation, "showMessage", [device.id])
    assert device.delete()["multistatus"][0]["status"] == 200
    raises(ResourceNotFound, client.get_device_by_id, device.id)
    return f"{len(names)} operations"


def events():
    """security events of all engines, and counted"""
    found = raw.get_security_events(engine_group="epp", start_time=LAST_WEEK, limit=250)
    assert len(found) >= 250, len(found)
    every = raw.get_security_events(engine="all", severity=["critical", "info"], start_time=LAST_WEEK, limit=10)
    assert len(every) == 10
    counts = raw.security_events_count(group_by="engine", engine_group="all", start_time=LAST_WEEK)
    assert {"deepGuard", "firewall", "edr", "emailScan"} <= {one["engine"] for one in counts}
    assert raw.security_events_count(group_by="filePath", engine_group="epp", start_time=LAST_WEEK)
    return counts


def incidents():
    """incidents as objects with detections, comments and a status"""
    found = client.get_incident_list(status="all", risk_level="all", resolution="all")
    assert found and found[0].name and found[0].risk_score > 0
    incident = client.get_incident_by_id(found[0].id)
    assert incident.get_detections()
    assert incident.add_comment("Seen")[0]["comment"] == "Seen"
    incident.update_status("closed", "falsePositive")
    assert client.get_incident_by_id(incident.id).status == "closed"
    raises(ResourceNotFound, client.get_incident_by_id, "nothing")
    return f"{len(found)} incidents"


def rest():
    """response actions, missing updates, databases"""
    organization = raw.get_organizations()[0]["id"]
    assert raw.list_response_actions(organization, state="cancelling", result="succeeded") == []
    [device] = raw.get_devices(name="WS-1")
    assert raw.query_missing_updates(device["id"], severity="all", category="all") == []
    assert raw.get_database_version("hydra") == []


for one in (authenticate, organizations, devices, changes, events, incidents, rest):
    check(one)
print(f"elements-python: {passed} passed, {failed} failed")
sys.exit(0 if failed == 0 else 1)
