"""Graph plugins and saved graphs."""

import json
import warnings

import networkx
from timesketch_api_client import graph as graph_lib

from harness import check, equal, holds, raises

ROWS = [
    {
        "message": f"Service {name} was installed",
        "datetime": "2024-05-01T00:00:00+00:00",
        "timestamp_desc": "Service Installed",
        "event_identifier": 7045,
        "computer_name": computer,
        "username": "eve",
        "strings": [name, f"C:\\{name}.exe", "user mode service", "auto start"],
    }
    for name, computer in [("evil", "pc-1"), ("evil", "pc-2"), ("good", "pc-1")]
]


def graph_sketch(world):
    """A sketch of its own, so that nothing else is drawn."""
    for sketch in world.api.list_sketches():
        if sketch.name == "graphs":
            return sketch
    sketch = world.api.create_sketch("graphs")
    answer = world.api.session.post(
        f"{world.api.api_root}/upload/",
        data={"sketch_id": sketch.id, "name": "services", "events": "\n".join(json.dumps(row) for row in ROWS)},
    )
    equal(answer.status_code, 201)
    return sketch


@check("graphs: the plugins are listed")
def plugins(world):
    graph = graph_lib.Graph(world.sketch)
    equal([plugin["name"] for plugin in graph.plugins], ["winlogins", "winservice", "chromedownloads"])
    equal(len(graph.plugins_table), 3)


@check("graphs: a plugin draws what NetworkX reads")
def draw(world):
    graph = graph_lib.Graph(graph_sketch(world))
    graph.from_plugin("winservice", refresh=True)
    drawn = graph.graph
    holds(isinstance(drawn, networkx.MultiDiGraph), f"it is {type(drawn)}")
    labels = {data["label"] for _, data in drawn.nodes(data=True)}
    equal(labels, {"pc-1", "pc-2", "eve", "evil", "good"})
    equal(sorted(data["label"] for _, _, data in drawn.edges(data=True)).count("auto start (2)"), 1)
    holds(len(graph.layout) == 5, "no layout")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Nobody looks: NetworkX says that it has nothing to draw with, or draws.
        try:
            graph.draw  # noqa: B018
        except ImportError as error:
            holds("matplotlib" in str(error), str(error))
    holds(len(graph.to_pandas()) > 0, "no table")


@check("graphs: one is kept, read back, changed and deleted")
def keep(world):
    sketch = graph_sketch(world)
    graph = graph_lib.Graph(sketch)
    graph.from_plugin("winservice")
    graph.name = "Services"
    graph.description = "Who installed what"
    holds(graph.save().startswith("Saved graph to ID"), "not saved")
    (found,) = sketch.list_graphs()
    equal((found.name, found.description), ("Services", "Who installed what"))
    equal(set(found.graph.nodes), set(graph.graph.nodes))
    equal(found.graph.number_of_edges(), graph.graph.number_of_edges())
    found.name = "Services, told"
    found.save()
    (again,) = sketch.list_graphs()
    equal(again.name, "Services, told")
    holds(again.created_at is not None and again.updated_at is not None, "no dates")
    again.delete()
    equal(sketch.list_graphs(), [])


@check("graphs: one made by hand is kept")
def manual(world):
    sketch = graph_sketch(world)
    graph = graph_lib.Graph(sketch)
    own = networkx.MultiDiGraph()
    own.add_edge("a", "b", label="knows")
    graph.from_graph(own)
    graph.name = "Own"
    graph.save()
    (found,) = sketch.list_graphs()
    equal(set(found.graph.edges()), {("a", "b")})
    found.delete()


@check("graphs: one is found again by its id, with what it was drawn by")
def found_again(world):
    sketch = graph_sketch(world)
    graph = graph_lib.Graph(sketch)
    graph.from_plugin("winservice")
    graph.name = "Kept"
    graph.description = "as it was drawn"
    graph.save()
    found = graph_lib.Graph(sketch)
    (listed,) = sketch.list_graphs()
    found.from_saved(listed.id)
    equal((found.name, found.description), ("Kept", "as it was drawn"))
    equal(found.graph.number_of_nodes(), 5)
    equal(found.graph_config.get("plugin", "winservice"), "winservice")
    found.delete()


@check("graphs: an unknown plugin is refused")
def unknown(world):
    raises(ValueError, lambda: graph_lib.Graph(world.sketch).from_plugin("nosuch"))
