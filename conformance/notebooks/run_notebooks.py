"""Runs notebooks as somebody would who presses "run all", without a browser, and draws their charts as SVG.

usage: run_notebooks.py FOLDER_FOR_CHARTS NOTEBOOK ...

Every cell must end well, every chart must be drawn with what it shows in it, and all notebooks must print the same lines.
"""

import json
import os
import pathlib
import re
import sys

import nbformat
import vl_convert
from nbclient import NotebookClient

CELL_SECONDS = 180
VEGALITE = re.compile(r"application/vnd\.vegalite\.v(\d+)(?:\.json|\+json)")
# What the charts of the notebooks are about; each is a word of a drawn chart.
SHOWN = ["evil.example", "other.example"]


def run(path):
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        # By itself it waits four seconds for what a cell shows after its end, and goes on without.
        iopub_timeout=CELL_SECONDS,
        raise_on_iopub_timeout=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    return notebook


def outputs_of(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def lines_of(notebook):
    text = "".join(output.text for output in outputs_of(notebook) if output.output_type == "stream" and output.name == "stdout")
    return text.splitlines()


def draw(data):
    """The chart of an output as SVG; None when it is none."""
    if "image/svg+xml" in data:
        return data["image/svg+xml"]
    for kind, spec in data.items():
        found = VEGALITE.fullmatch(kind)
        if found:
            version = max(one for one in vl_convert.get_vegalite_versions() if one.split(".")[0] == found[1])
            return vl_convert.vegalite_to_svg(json.dumps(spec), vl_version=version)
    return None


def charts_of(notebook):
    found = (draw(output.data) for output in outputs_of(notebook) if output.output_type in ("execute_result", "display_data"))
    return [chart for chart in found if chart]


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def judge(self, name, problem):
        if problem:
            self.failed += 1
            print(f"FAIL {name}: {problem}", flush=True)
        else:
            self.passed += 1
            print(f"ok {name}", flush=True)


def main():
    folder, *paths = map(pathlib.Path, sys.argv[1:])
    tally = Tally()
    printed = {}
    for path in paths:
        try:
            notebook = run(path)
        except Exception as error:  # a failed notebook must not stop the others
            tally.judge(f"{path.name} runs", str(error).strip().splitlines()[-1][:300])
            continue
        tally.judge(f"{path.name} runs", None)
        printed[path.name] = lines_of(notebook)
        charts = charts_of(notebook)
        tally.judge(f"{path.name} has two charts", None if len(charts) == 2 else f"it has {len(charts)}")
        for number, chart in enumerate(charts, 1):
            file = folder / f"{path.name.removesuffix('.ipynb')}-{number}.svg"
            file.write_text(chart, encoding="utf-8")
            missing = [word for word in SHOWN if word not in chart]
            problem = f"{', '.join(missing)} is not in it" if missing else None
            if not chart.lstrip().startswith("<svg"):
                problem = f"it begins with {chart[:40]!r}"
            tally.judge(f"{file.name} is drawn", problem)
    (first, lines), *others = printed.items() or [("none", [])]
    for name, found in others:
        differences = [f"{one!r} and {other!r}" for one, other in zip(lines, found) if one != other]
        if len(lines) != len(found):
            differences.append(f"{len(lines)} lines and {len(found)}")
        tally.judge(f"{first} and {name} print the same", differences[0] if differences else None)
    print(f"conformance/notebooks: {tally.passed} passed, {tally.failed} failed, 0 skipped")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    os.environ.setdefault("DENO_NO_UPDATE_CHECK", "1")
    sys.exit(main())
