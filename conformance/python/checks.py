"""Runs every check against a server that speaks Timesketch's API.

usage: checks.py URL USER PASSWORD ADMIN ADMIN_PASSWORD FOLDER [PART_OF_A_CHECK'S_NAME ...]
"""

import json
import logging
import os
import sys
import warnings

import members_called

WATCH = members_called.Watch()  # before the checks take functions out of the packages

import harness  # noqa: E402
import checks_login  # noqa: E402,F401  (each module registers its checks; the order is that of a day's work)
import checks_import  # noqa: E402,F401
import checks_search  # noqa: E402,F401
import checks_marks  # noqa: E402,F401
import checks_counts  # noqa: E402,F401
import checks_stories  # noqa: E402,F401
import checks_graphs  # noqa: E402,F401
import checks_questions  # noqa: E402,F401
import checks_sigma  # noqa: E402,F401
import checks_sketch  # noqa: E402,F401
import checks_members  # noqa: E402,F401
import checks_analyzers  # noqa: E402,F401
import checks_analyzer_marks  # noqa: E402,F401
import checks_commands  # noqa: E402
import checks_plaso  # noqa: E402,F401
from official import list_network_members, list_verbs  # noqa: E402
from uncalled import UNCALLED  # noqa: E402

# What is kept in official/, and what it is made by.
LISTS = {"verbs.json": list_verbs.list_verbs, "network_members.json": list_network_members.make_document}


def main():
    url, user, password, admin, admin_password, folder = sys.argv[1:7]
    # Many checks provoke errors on purpose; the packages log each of them.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    world = harness.World(url, user, password, admin, admin_password, folder)
    only = sys.argv[7:]
    passed, failed = harness.run(world, only)
    if not only:
        more_passed, more_failed = report_members()
        passed += more_passed
        failed += more_failed
    print(f"conformance/python: {passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


def report_members():
    """Prints what no check calls, each with its reason; without one it is a failure."""
    members = members_called.members()
    uncalled = sorted(members - WATCH.called)
    failed = 0
    for member in uncalled:
        reason = UNCALLED.get(member)
        failed += reason is None
        print(f"{'uncalled' if reason else 'FAIL uncalled'} {member}: {reason or 'no check calls it'}")
    for member in sorted(set(UNCALLED) - set(uncalled)):
        failed += 1
        print(f"FAIL {member} has a reason for not being called, and is called or gone")
    for member in members_called.unlisted(WATCH):
        failed += 1
        print(f"FAIL {member} asks the server and is not in official/network_members.json")
    for verb in checks_commands.report():
        failed += 1
        print(f"FAIL timesketch {verb}: no check runs it")
    for name, found in LISTS.items():
        with open(os.path.join(os.path.dirname(__file__), "official", name), encoding="utf-8") as handle:
            if json.load(handle) != json.loads(json.dumps(found())):
                failed += 1
                print(f"FAIL official/{name} is not what the packages give: run its script again")
    print(f"members that ask the server: {len(members)}, called: {len(members) - len(uncalled)}")
    return len(members) - len(uncalled), failed


if __name__ == "__main__":
    sys.exit(main())
