"""Runs notebooks as somebody would who presses "run all", without a browser, and draws their charts as SVG.

usage: run_notebooks.py FOLDER_FOR_CHARTS NOTEBOOK ...

Every cell must end well, every chart must be drawn with what it shows in it, and all notebooks must print the same lines.
"""

import json
import os
import pathlib
import re
import sys
from queue import Empty

import nbformat
import vl_convert
from jupyter_client.manager import start_new_kernel

CELL_SECONDS = 180
# What a kernel still has to say of a cell that has ended comes within so long.
QUIET_SECONDS = 5
OUTPUTS = {"stream", "display_data", "execute_result"}
VEGALITE = re.compile(r"application/vnd\.vegalite\.v(\d+)(?:\.json|\+json)")
# What the charts of the notebooks are about; each is a word of a drawn chart.
SHOWN = ["evil.example", "other.example"]


def run(path):
    """The notebook with the outputs of its cells. Deno's kernel sends some of them after it said that the cell has ended: each is
    given to the cell it names, and the run is over when nothing more comes."""
    notebook = nbformat.read(path, as_version=4)
    manager, client = start_new_kernel(kernel_name=notebook.metadata.kernelspec.name, cwd=str(path.parent))
    try:
        outputs = {}
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            cell.outputs = outputs[client.execute(cell.source, allow_stdin=False)] = []
            answer = client.get_shell_msg(timeout=CELL_SECONDS)["content"]
            if answer["status"] != "ok":
                raise RuntimeError(f"{answer.get('ename')}: {answer.get('evalue')}")
        while True:
            try:
                message = client.get_iopub_msg(timeout=QUIET_SECONDS)
            except Empty:
                return notebook
            of_cell = outputs.get(message["parent_header"].get("msg_id"))
            if of_cell is not None and message["msg_type"] in OUTPUTS:
                of_cell.append(nbformat.v4.output_from_msg(message))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


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
