"""Which members of Timesketch's packages the checks call, and which of those ask the server.

Every member of `official/list_network_members.py` is wrapped once; what a check itself calls or reads counts, what the packages
call among themselves does not. Whoever asks the server without standing in that list shows that the list is not whole.
"""

import functools
import importlib
import os
import sys

import requests

from official import list_network_members

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGES = list_network_members.PACKAGES


def members():
    """Every member as `module.name`, the module without its package."""
    found = list_network_members.list_network_members()
    return {f"{list_network_members.short(module)}.{name}" for module, names in found.items() for name in names}


class Watch:
    """Wraps the members and keeps account."""

    def __init__(self):
        self.called = set()
        self.asking = set()
        self.functions = {}
        for module_name, names in list_network_members.list_network_members().items():
            module = importlib.import_module(module_name)
            for name in names:
                self._wrap(module, f"{list_network_members.short(module_name)}.{name}", name)
        self._watch_requests()

    def _wrap(self, module, key, name):
        owner_name, _, member = name.rpartition(".")
        owner = getattr(module, owner_name) if owner_name else module
        plain = member.removesuffix("=")
        found = vars(owner)[plain]
        if isinstance(found, property):
            part = "fset" if member.endswith("=") else "fget"
            parts = {"fget": found.fget, "fset": found.fset, "fdel": found.fdel, "doc": found.__doc__}
            parts[part] = self._noting(key, parts[part])
            setattr(owner, plain, property(**parts))
        else:
            setattr(owner, plain, self._noting(key, found))

    def _noting(self, key, function):
        @functools.wraps(function)
        def noting(*args, **kwargs):
            if os.path.dirname(sys._getframe(1).f_code.co_filename) == HERE:
                self.called.add(key)
            return function(*args, **kwargs)

        return noting

    def _watch_requests(self):
        request = requests.Session.request

        @functools.wraps(request)
        def watching(*args, **kwargs):
            frame = sys._getframe(1)
            while frame:
                self._note_asking(frame.f_code)
                frame = frame.f_back
            return request(*args, **kwargs)

        requests.Session.request = watching

    def _note_asking(self, code):
        folder, file = os.path.split(code.co_filename)
        if os.path.basename(folder) not in PACKAGES:
            return
        *_, name = code.co_qualname.split(".<locals>")[0].rsplit(".", 1)
        if name == "__init__" or not name.startswith("_"):
            self.asking.add(f"{file.removesuffix('.py')}.{code.co_qualname.split('.<locals>')[0]}")


def unlisted(watch):
    """Members that asked the server and are not in the list."""
    known = {key.removesuffix("=") for key in members()}
    return sorted(key for key in watch.asking if key not in known and not _is_private(key))


def _is_private(key):
    return any(part.startswith("_") and part != "__init__" for part in key.split("."))
