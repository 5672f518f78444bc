"""Events for the checks: made from a seed, the same on every machine."""

import csv
import datetime
import json
import random

START = datetime.datetime(2024, 2, 1, tzinfo=datetime.timezone.utc)
USERS = ["alice", "bob", "carol", "dave", "eve"]
HOSTS = ["ws-1.corp.example", "ws-2.corp.example", "srv-db.corp.example", "dc01.corp.example"]


def login_rows(count=600, seed=7):
    """Log-in events, one every ten minutes from 2024-02-01; every third succeeds; the users take turns."""
    rng = random.Random(seed)
    rows = []
    for number in range(count):
        user = USERS[number % len(USERS)]
        outcome = "accepted" if number % 3 == 0 else "failed"
        host = rng.choice(HOSTS)
        rows.append(
            {
                "message": f"Login {outcome} for {user} from 10.0.{number % 7}.{number % 250}",
                "datetime": (START + datetime.timedelta(minutes=10 * number)).isoformat(),
                "timestamp_desc": "Event Logged",
                "user": user,
                "host": host,
                "status": 200 + number % 3,
                "src_ip": f"10.0.{number % 7}.{number % 250}",
            }
        )
    return rows


def process_rows(count=12_500, seed=11):
    """Process starts, one a second from 2024-03-01, with numbers, booleans, fractions and nulls among the values."""
    rng = random.Random(seed)
    base = datetime.datetime(2024, 3, 1, tzinfo=datetime.timezone.utc)
    names = ["cmd.exe", "powershell.exe", "svchost.exe", "zmap", "explorer.exe"]
    rows = []
    for number in range(count):
        name = names[rng.randrange(len(names))]
        rows.append(
            {
                "message": f"Process {name} started with pid {1000 + number}",
                "datetime": (base + datetime.timedelta(seconds=number, microseconds=123456)).isoformat(),
                "timestamp_desc": "Process Start",
                "data_type": "windows:evtx:record",
                "event_identifier": 4688,
                "process": name,
                "path": f"C:\\Windows\\System32\\{name}",
                "pid": 1000 + number,
                "score": number / 4,
                "signed": number % 2 == 0,
                "hash": None if number % 5 == 0 else f"{rng.getrandbits(128):032x}",
            }
        )
    return rows


def big_field_rows():
    """Three events whose texts are 100,000 characters long, each with one word of its own at the very end."""
    rows = []
    for number in range(3):
        filler = "x" * 60
        text = " ".join([filler] * 1640)[: 100_000 - 12] + f" needle{number:05d}"
        rows.append(
            {
                "message": f"Script block {number}",
                "datetime": f"2024-04-01T00:00:0{number}+00:00",
                "timestamp_desc": "Script Block Logged",
                "script": text,
            }
        )
    return rows


def write_csv(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_jsonl(path, rows):
    with open(path, "w", encoding="utf-8") as handle:
        for row in rows:
            handle.write(json.dumps(row) + "\n")
    return path
