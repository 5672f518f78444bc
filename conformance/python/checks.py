"""Runs every check against a server that speaks Timesketch's API.

usage: checks.py URL USER PASSWORD ADMIN ADMIN_PASSWORD FOLDER [PART_OF_A_CHECK'S_NAME ...]
"""

import logging
import sys
import warnings

import harness
import checks_login  # noqa: F401  (each module registers its checks; the order is that of a day's work)
import checks_import  # noqa: F401
import checks_search  # noqa: F401
import checks_marks  # noqa: F401
import checks_counts  # noqa: F401
import checks_stories  # noqa: F401
import checks_graphs  # noqa: F401
import checks_questions  # noqa: F401
import checks_sigma  # noqa: F401
import checks_sketch  # noqa: F401
import checks_analyzer_marks  # noqa: F401


def main():
    url, user, password, admin, admin_password, folder = sys.argv[1:7]
    # Many checks provoke errors on purpose; the packages log each of them.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    world = harness.World(url, user, password, admin, admin_password, folder)
    passed, failed = harness.run(world, sys.argv[7:])
    print(f"conformance/python: {passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
