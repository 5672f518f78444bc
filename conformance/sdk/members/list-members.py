"""Writes the public members of Timesketch's Python packages as JSON: module -> names.

Run by the Python of conformance/python's virtual environment:
  python list-members.py > members.json
"""

import importlib
import importlib.metadata
import inspect
import json
import pkgutil
import sys

PACKAGES = ("timesketch_api_client", "timesketch_import_client")
NOT_PUBLIC = ("test_lib",)


def members_of(module):
    names = []
    for name, value in vars(module).items():
        if name.startswith("_"):
            continue
        home = getattr(value, "__module__", None)
        if inspect.isclass(value) and home == module.__name__:
            names.append(name)
            names.extend(f"{name}.{member}" for member in vars(value) if not member.startswith("_"))
        elif inspect.isfunction(value) and home == module.__name__:
            names.append(name)
        elif name.isupper() and home is None:
            names.append(name)
    return sorted(names)


result = {"release": importlib.metadata.version("timesketch-api-client"), "modules": {}}
for package_name in PACKAGES:
    package = importlib.import_module(package_name)
    for info in pkgutil.iter_modules(package.__path__):
        if info.name.endswith("_test") or info.name in NOT_PUBLIC:
            continue
        module = importlib.import_module(f"{package_name}.{info.name}")
        names = members_of(module)
        if names:
            result["modules"][f"{package_name}.{info.name}"] = names
json.dump(result, sys.stdout, indent=1, sort_keys=True)
sys.stdout.write("\n")
