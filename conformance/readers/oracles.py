"""Other implementations, asked about event logs whose paths come on standard input; a JSON value a line goes out."""

import json
import sys


def crate(path):
    from evtx import PyEvtxParser

    records = []
    for record in PyEvtxParser(path).records_json():
        records.append({"id": record["event_record_id"], "data": record["data"]})
    return {"path": path, "records": records}


def counts(path):
    import Evtx.Evtx
    import pyevtx

    log = pyevtx.file()
    log.open(path)
    found = []
    for index in range(log.number_of_records):
        record = log.get_record(index)
        found.append(
            {
                "id": record.identifier,
                "event": record.event_identifier & 0xFFFF,
                "computer": record.computer_name,
            }
        )
    log.close()
    with Evtx.Evtx.Evtx(path) as other:
        numbers = [record.record_num() for record in other.records()]
    return {"path": path, "libevtx": found, "pythonEvtx": numbers}


ask = {"crate": crate, "counts": counts}[sys.argv[1]]
for line in sys.stdin:
    print(json.dumps(ask(line.rstrip("\n"))), flush=True)
