"""libyal's readers and regipy, asked about artefacts: a kind and a path a line come in, a JSON value a line goes out."""

import json
import sys


def show(data):
    """libregf gives data of up to four bytes, which stand in the value itself, with other bytes, and texts without their last NULs."""
    text = data.rstrip(b"\0").hex()
    return "short" if len(text) <= 8 else text


def hive(path):
    import pyregf

    file = pyregf.file()
    file.open(path)
    keys = []

    def walk(key, above):
        name = above + [key.name] if above is not None else []
        values = [
            [value.name or "", value.type, show(value.data or b"")]
            for value in key.values
        ]
        keys.append({"path": "\\".join(name), "written": key.get_last_written_time_as_integer(), "values": values})
        for child in key.sub_keys:
            walk(child, name)

    walk(file.get_root_key(), None)
    return keys


def mft(path):
    import pyfsntfs

    file = pyfsntfs.mft_metadata_file()
    file.open(path)
    found = []
    for index in range(file.number_of_file_entries):
        entry = file.get_file_entry(index)
        if entry.is_empty() or entry.base_record_file_reference != 0:
            continue
        reference = entry.file_reference
        for place in range(entry.number_of_attributes):
            attribute = entry.get_attribute(place)
            if attribute.attribute_type not in (0x10, 0x30):
                continue
            is_name = attribute.attribute_type == 0x30
            found.append(
                {
                    "reference": f"{reference & 0xFFFFFFFFFFFF}-{reference >> 48}",
                    "type": attribute.attribute_type,
                    "used": bool(entry.is_allocated()),
                    "name": attribute.name if is_name else None,
                    "hint": entry.get_path_hint(place) if is_name else None,
                    "times": [
                        attribute.get_creation_time_as_integer(),
                        attribute.get_modification_time_as_integer(),
                        attribute.get_entry_modification_time_as_integer(),
                        attribute.get_access_time_as_integer(),
                    ],
                }
            )
    return found


def prefetch(path):
    import pyscca

    file = pyscca.file()
    file.open(path)
    times = [file.get_last_run_time_as_integer(i) for i in range(8 if file.format_version >= 26 else 1)]
    return {
        "version": file.format_version,
        "executable": file.executable_filename,
        "hash": file.prefetch_hash,
        "runCount": file.run_count,
        "times": [time for time in times if time],
        "files": [metric.filename for metric in file.file_metrics_entries],
        "volumes": [
            [volume.device_path, volume.get_creation_time_as_integer(), volume.serial_number]
            for volume in file.volumes
        ],
    }


def lnk(path):
    import pylnk

    file = pylnk.file()
    file.open(path)
    return {
        "times": [
            file.get_file_creation_time_as_integer(),
            file.get_file_access_time_as_integer(),
            file.get_file_modification_time_as_integer(),
        ],
        "file_size": file.file_size,
        "file_attribute_flags": file.file_attribute_flags,
        "local_path": file.local_path,
        "network_path": file.network_path,
        "description": file.description,
        "relative_path": file.relative_path,
        "working_directory": file.working_directory,
        "command_line_arguments": file.command_line_arguments,
        "icon_location": file.icon_location,
        "env_var_location": file.environment_variables_location,
        "volume_label": file.volume_label,
        "drive_serial_number": file.drive_serial_number,
        "machine_identifier": file.machine_identifier,
        "droid_volume_identifier": file.droid_volume_identifier,
        "droid_file_identifier": file.droid_file_identifier,
    }


def compound(path):
    import pyolecf

    file = pyolecf.file()
    file.open(path)
    streams = {}
    for item in file.root_item.sub_items:
        streams[item.name] = item.read(item.size).hex() if item.size else ""
    return streams


def logged(path):
    """A hive with its transaction logs (.LOG1, .LOG2) taken in by regipy, as libregf reads it."""
    import os

    from regipy.recovery import apply_transaction_logs

    other = path + ".LOG2"
    restored, _ = apply_transaction_logs(
        path, path + ".LOG1", other if os.path.exists(other) and os.path.getsize(other) > 0 else None, path + ".restored"
    )
    # It writes new sequence numbers and leaves their checksum, which libregf looks at.
    with open(restored, "r+b") as file:
        base = file.read(508)
        checksum = 0
        for at in range(0, 508, 4):
            checksum ^= int.from_bytes(base[at : at + 4], "little")
        file.write(checksum.to_bytes(4, "little"))
    return hive(restored)


ASK = {"logged": logged, "hive": hive, "mft": mft, "prefetch": prefetch, "lnk": lnk, "compound": compound}
for line in sys.stdin:
    kind, _, name = line.rstrip("\n").partition(" ")
    print(json.dumps(ASK[kind](name)), flush=True)
