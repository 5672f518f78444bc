"""Writes every public member of Timesketch's Python packages that asks a server, as JSON: module -> names.

A member asks a server when its code uses a session of `requests`, or reads or calls a member that does. Names are resolved as
the packages write them: `self.x` in the class and its bases, `self.api.x` in the client, and so on (RECEIVERS). A setter of a
property is a member of its own, with `=` behind its name.

Run by the Python of conformance/python's virtual environment:
  python list_network_members.py > network_members.json
"""

import ast
import importlib.metadata
import importlib.util
import json
import pathlib
import sys

PACKAGES = ("timesketch_api_client", "timesketch_import_client")
NOT_PUBLIC = ("test_lib",)
# What asks a server itself: methods of a session, by the names the packages have for one.
SESSIONS = {"session", "auth_session", "_session", "authed_session"}
VERBS = {"get", "post", "put", "delete", "request", "head", "patch"}
# Which class stands behind a name that the packages give to objects of others.
RECEIVERS = {
    "api": "client.TimesketchApi",
    "_api": "client.TimesketchApi",
    "api_client": "client.TimesketchApi",
    "sketch": "sketch.Sketch",
    "_sketch": "sketch.Sketch",
    "my_sketch": "sketch.Sketch",
    "timeline": "timeline.Timeline",
    "timeline_obj": "timeline.Timeline",
    "index": "index.SearchIndex",
    "search_obj": "search.Search",
    "story": "story.Story",
    "_story": "story.Story",
    "aggregation": "aggregation.Aggregation",
    "aggregation_obj": "aggregation.Aggregation",
    "agg_obj": "aggregation.Aggregation",
    "group": "aggregation.AggregationGroup",
    "user": "user.User",
    "view": "view.View",
    "saved_search": "search.Search",
}


class Member:
    def __init__(self, module, owner, name, node, is_public):
        self.module, self.owner, self.name, self.node, self.is_public = module, owner, name, node, is_public
        self.asks = False


def short(module):
    return module.rsplit(".", 1)[-1]


def kind_of(function):
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "deleter"):
            return "="
    return ""


def read_package(package):
    folder = pathlib.Path(importlib.util.find_spec(package).origin).parent
    for path in sorted(folder.glob("*.py")):
        if path.stem.endswith("_test") or path.stem in (*NOT_PUBLIC, "__init__"):
            continue
        yield f"{package}.{path.stem}", ast.parse(path.read_text(encoding="utf-8"))


def read_members():
    members, bases = {}, {}
    for package in PACKAGES:
        for module, tree in read_package(package):
            for node in tree.body:
                if isinstance(node, ast.FunctionDef):
                    key = f"{short(module)}.{node.name}"
                    members[key] = Member(module, None, node.name, node, not node.name.startswith("_"))
                if not isinstance(node, ast.ClassDef):
                    continue
                owner = f"{short(module)}.{node.name}"
                bases[owner] = [base_name(base, module) for base in node.bases]
                for item in node.body:
                    if isinstance(item, ast.FunctionDef):
                        name = item.name + kind_of(item)
                        is_public = not item.name.startswith("_") or item.name == "__init__"
                        members[f"{owner}.{name}"] = Member(module, owner, name, item, is_public)
    return members, bases


def base_name(base, module):
    if isinstance(base, ast.Attribute) and isinstance(base.value, ast.Name):
        return f"{base.value.id}.{base.attr}"
    return f"{short(module)}.{base.id}" if isinstance(base, ast.Name) else ""


def resolve(owner, name, members, bases):
    """The member of a class or its bases; None when there is none."""
    while owner:
        if f"{owner}.{name}" in members:
            return members[f"{owner}.{name}"]
        owner = next((base for base in bases.get(owner, ()) if base in bases), None)
    return None


def locals_of(member, bases):
    """Which class stands behind a local name: `x = module.Class(...)`, `x = Class(...)`."""
    found = {}
    for node in ast.walk(member.node):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            key = base_name(node.value.func, member.module)
            found.update({target.id: key for target in node.targets if isinstance(target, ast.Name) and key in bases})
    return found


def overrides(owner, name, members, bases):
    """The same member of the classes that are made of a class."""
    for heir in (heir for heir, parents in bases.items() if owner in parents):
        yield members.get(f"{heir}.{name}")
        yield from overrides(heir, name, members, bases)


def uses_of(member, members, bases):
    """Members that the code of a member reads, calls or sets."""
    receivers = {**RECEIVERS, **locals_of(member, bases)}
    for node in ast.walk(member.node):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            # Class(...) of another module runs its __init__.
            if isinstance(node.func.value, ast.Name):
                yield members.get(f"{node.func.value.id}.{node.func.attr}.__init__")
        if not isinstance(node, ast.Attribute):
            continue
        name = node.attr + ("=" if isinstance(node.ctx, ast.Store) else "")
        value = node.value
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "super":
            for base in bases.get(member.owner, ()):
                yield resolve(base, name, members, bases)
        elif isinstance(value, ast.Name) and value.id in ("self", "cls") and member.owner:
            yield resolve(member.owner, name, members, bases)
            yield from overrides(member.owner, name, members, bases)
        else:
            receiver = value.id if isinstance(value, ast.Name) else getattr(value, "attr", "")
            if receiver in receivers:
                yield resolve(receivers[receiver], name, members, bases)
            yield members.get(f"{receiver}.{node.attr}")
    for node in ast.walk(member.node):
        if isinstance(node, ast.Name):
            yield members.get(f"{short(member.module)}.{node.id}")


def asks_itself(function):
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and node.attr in VERBS:
            value = node.value
            name = value.id if isinstance(value, ast.Name) else getattr(value, "attr", "")
            if name in SESSIONS or name == "requests":
                return True
    return False


def list_network_members():
    members, bases = read_members()
    uses = {key: [use for use in uses_of(member, members, bases) if use] for key, member in members.items()}
    for member in members.values():
        member.asks = asks_itself(member.node)
    is_growing = True
    while is_growing:
        is_growing = False
        for key, member in members.items():
            if not member.asks and any(use.asks for use in uses[key]):
                member.asks = is_growing = True
    found = {}
    for key, member in members.items():
        if member.asks and member.is_public:
            found.setdefault(member.module, []).append(key.split(".", 1)[1])
    return {module: sorted(names) for module, names in sorted(found.items())}


def make_document():
    return {"release": importlib.metadata.version("timesketch-api-client"), "modules": list_network_members()}


if __name__ == "__main__":
    json.dump(make_document(), sys.stdout, indent=1, sort_keys=True)
    sys.stdout.write("\n")
