"""Aggregators, their charts, and aggregations that are kept."""

import json

import altair
from timesketch_api_client import aggregation as aggregation_lib

import data
from harness import check, equal, holds, raises


def run(world, name, **parameters):
    return world.sketch.run_aggregator(name, {"index": [world.timeline("logins").id], **parameters})


def keep(world, name, **parameters):
    """A saved aggregation: the client sends the name that was set before the save."""
    made = aggregation_lib.Aggregation(world.sketch)
    made.from_aggregator_run("field_bucket", {"index": [world.timeline("logins").id], **parameters})
    made.name = name
    holds(made.save().startswith("Saved aggregation to ID"), "not saved")
    return made


@check("aggregation: every chart type of a field bucket is drawn")
def charts(world):
    for kind, mark in [("barchart", "bar"), ("circlechart", "circle"), ("linechart", "line"), ("table", "bar")]:
        found = run(world, "field_bucket", field="user", limit="5", supported_charts=kind)
        chart = found.chart
        holds(isinstance(chart, altair.Chart), f"{kind}: {type(chart)}")
        spec = chart.to_dict()
        kept = spec["mark"] if isinstance(spec["mark"], str) else spec["mark"]["type"]
        equal(kept, mark, kind)
        equal(len(found.table), 5)
    lying = run(world, "field_bucket", field="user", supported_charts="hbarchart")
    holds(isinstance(lying.chart, altair.LayerChart), f"hbarchart: {type(lying.chart)}")
    equal(lying.title, 'Top results for "user"')


@check("aggregation: a date histogram, as a heat map and as rows")
def histogram(world):
    found = run(world, "date_histogram", field="user", supported_intervals="day", supported_charts="heatmap")
    rows = found.lazyload_data()["objects"][0]["date_histogram"]["buckets"][0]
    equal(sum(row["count"] for row in rows), 600)
    equal([row["count"] for row in rows], [144, 144, 144, 144, 24])
    mark = found_chart(found)["mark"]
    equal(mark if isinstance(mark, str) else mark["type"], "rect")


def found_chart(found):
    return altair.Chart.from_json(json.dumps(found.lazyload_data()["meta"]["vega_spec"])).to_dict()


@check("aggregation: rows and charts that were made elsewhere")
def manual(world):
    rows = [{"name": "x", "count": 3}, {"name": "y", "count": 1}]
    found = run(world, "manual_feed", data=rows, title="Mine", supported_charts="barchart")
    equal(found.title, "Mine")
    equal(list(found.table["name"]), ["x", "y"])
    spec = altair.Chart(altair.Data(values=rows)).mark_bar().encode(x="name:N", y="count:Q").to_dict()
    drawn = run(world, "manual_vega", data=spec, title="Drawn", supported_charts="barchart")
    equal(drawn.lazyload_data()["meta"]["vega_spec"], spec)
    equal(drawn.chart.to_dict()["encoding"], spec["encoding"])


@check("aggregation: summaries of a field")
def summaries(world):
    found = run(world, "field_summary", field="user", field_query_string="alice")
    (summary,) = found.lazyload_data()["objects"][0]["field_summary"]["buckets"]
    equal((summary["value_count"]["value"], summary["value_cardinality"]["value"]), (120, 1))
    holds(summary["all_values"]["doc_count"] >= 600, "all_values")
    clock = run(world, "datefield_summary", field="user", date_interval="Hour").lazyload_data()
    hours = clock["objects"][0]["datefield_summary"]["buckets"][0]["hour_histogram"]["buckets"]
    equal((len(hours), sum(hour["doc_count"] for hour in hours)), (24, 600))


@check("aggregation: the family of the new web page")
def apex(world):
    logins = world.timeline("logins").id
    for name, labels in [
        ("top_terms", data.USERS),
        ("calendar_date_histogram", ["2024-02-01T00:00:00.000Z"]),
        ("single_metric", ["value_count"]),
        ("rare_terms", []),
    ]:
        answer = run(
            world,
            name,
            fields=[{"field": "user", "type": "text"}],
            aggregator_options={"timeline_ids": [logins], "calendar_interval": "month"},
            chart_type="column",
            chart_options={},
        ).lazyload_data()
        result = answer["objects"][0][name]
        equal((name, sorted(result["labels"])), (name, sorted(labels)))
        equal(answer["meta"]["aggregator_class"], "apex")
    equal(result["spec"]["hits"]["total"]["value"], 600)


@check("aggregation: what cannot be run is refused, and why")
def refused(world):
    raises(ValueError, lambda: run(world, "field_bucket"), "a field is needed")
    raises(ValueError, lambda: run(world, "nosuch"), "404")
    raises(ValueError, lambda: run(world, "query_bucket", field="user"), "Both query_string and query_dsl are missing")


@check("saved aggregations: kept, listed, read with their result, changed, deleted")
def saved(world):
    keep(world, "Users", field="user", supported_charts="barchart")
    (found,) = world.sketch.list_aggregations()
    equal((found.name, found.aggregator_name, found.chart_type), ("Users", "field_bucket", "barchart"))
    equal(set(found.table["user"]), set(data.USERS))
    holds(isinstance(found.chart, altair.Chart), "no chart")
    found.add_label("telling")
    (again,) = world.sketch.list_aggregations(include_labels=["telling"])
    equal(again.labels, ["telling"])
    equal(world.sketch.list_aggregations(exclude_labels=["telling"]), [])
    equal(world.sketch.get_aggregation(again.id).id, again.id)
    holds(again.delete(), "not deleted")
    equal(world.sketch.list_aggregations(), [])


@check("aggregation groups: made, drawn as one chart, changed, deleted")
def groups(world):
    members = [keep(world, name, field=name, supported_charts="barchart") for name in ("user", "host")]
    url = f"{world.api.api_root}/sketches/{world.sketch.id}/aggregation/group/"
    listed = world.sketch.list_aggregations()
    body = {
        "name": "Both",
        "description": "two",
        "orientation": "horizontal",
        "parameters": "{}",
        "aggregations": json.dumps([entry.id for entry in listed]),
    }
    equal(world.api.session.post(url, json=body).status_code, 201)
    (group,) = world.sketch.list_aggregation_groups()
    equal((group.name, group.orientation, len(group.aggregations)), ("Both", "horizontal", len(members)))
    holds(isinstance(group.chart, altair.HConcatChart), f"chart is {type(group.chart)}")
    equal(len(group.get_tables()), 2)
    holds(all(isinstance(chart, altair.Chart) for chart in group.get_charts()), "charts")
    group.orientation = "vertical"
    fetched = world.sketch.get_aggregation_group(group.id)
    equal(fetched.orientation, "vertical")
    holds(isinstance(fetched.chart, altair.VConcatChart), f"chart is {type(fetched.chart)}")
    holds(fetched.delete(), "not deleted")
    equal(world.sketch.list_aggregation_groups(), [])
    for entry in world.sketch.list_aggregations():
        entry.delete()


@check("aggregation: a raw DSL is run as it is")
def raw_dsl(world):
    raw = aggregation_lib.Aggregation(world.sketch)
    raw.from_manual(json.dumps({"aggs": {"users": {"terms": {"field": "user.keyword", "size": 5}}}}))
    equal(raw.aggregator_name, "DSL")
    holds({"alice", "bob"} <= set(raw.table["key"]), f"rows are {raw.table.to_dict()}")


@check("saved aggregations: one is found again by its id")
def from_saved(world):
    keep(world, "Hosts", field="host", supported_charts="barchart")
    (listed,) = world.sketch.list_aggregations()
    found = aggregation_lib.Aggregation(world.sketch)
    found.from_saved(listed.id)
    equal((found.name, set(found.table["host"])), ("Hosts", set(data.HOSTS)))
    found.name = "Hosts, told"
    found.commit()
    (told,) = world.sketch.list_aggregations()
    equal((told.id, told.name), (listed.id, "Hosts, told"))
    found.delete()


@check("aggregation groups: told as a dictionary, changed member by member, and found again")
def group_members(world):
    for name in ("user", "host"):
        keep(world, name, field=name, supported_charts="barchart")
    ids = [entry.id for entry in world.sketch.list_aggregations()]
    url = f"{world.api.api_root}/sketches/{world.sketch.id}/aggregation/group/"
    body = {"name": "Pair", "description": "", "orientation": "layer", "parameters": "{}", "aggregations": json.dumps(ids)}
    made = world.api.session.post(url, json=body).json()["objects"][0]
    group = aggregation_lib.AggregationGroup(world.sketch)
    group.from_dict({**made, "agg_ids": ids})
    equal([entry.id for entry in group.aggregations], ids)
    group.name = "Pair of them"
    group.description = "users and hosts"
    group.parameters = {"told": "twice"}
    holds(group.save(), "not saved")
    found = aggregation_lib.AggregationGroup(world.sketch)
    found.from_saved(made["id"])
    equal((found.name, found.description, len(found.aggregations)), ("Pair of them", "users and hosts", 2))
    holds(found.generate_chart() is not None, "no chart")
    found.delete()
    for entry in world.sketch.list_aggregations():
        entry.delete()
