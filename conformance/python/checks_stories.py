"""Stories: blocks of every kind, written as the client writes them and exported."""

from timesketch_api_client import aggregation as aggregation_lib, search as search_lib, view as view_lib

from harness import check, equal, holds


@check("stories: made, titled, listed and found")
def create(world):
    story = world.sketch.create_story("What happened")
    equal((story.title, story.size, story.content), ("What happened", 0, "[]"))
    equal([entry.title for entry in world.sketch.list_stories()], ["What happened"])
    equal(world.sketch.get_story(story_title="what HAPPENED").id, story.id)
    equal(world.refresh().data["meta"]["stories"][0]["title"], "What happened")


def the_story(world):
    return world.sketch.list_stories()[0]


@check("stories: text, a saved search and an aggregation as blocks")
def blocks(world):
    story = the_story(world)
    story.add_text("# Head\n\n<script>alert(1)</script>")
    search = search_lib.Search(world.sketch)
    search.query_string = "user:alice"
    search.indices = [world.timeline("logins").id]
    search.return_fields = "datetime,message,user"
    search.name = "Alice for the story"
    search.save()
    story.add_saved_search(search)
    counted = aggregation_lib.Aggregation(world.sketch)
    counted.from_aggregator_run("field_bucket", {"field": "user", "supported_charts": "barchart"})
    counted.name = "Users for the story"
    counted.save()
    (kept,) = world.sketch.list_aggregations()
    story.add_aggregation(kept, chart_type="barchart")
    found = the_story(world)
    equal([block.TYPE for block in found.blocks], ["text", "view", "aggregation"])
    equal(found.blocks[1].view.query_string, "user:alice")
    equal(found.blocks[2].agg_name, "Users for the story")
    equal(len(found.blocks[2].table), 5)


@check("stories: a block is moved and taken away")
def move(world):
    story = the_story(world)
    # The client adds to the blocks that it has read.
    equal(len(story.blocks), 3)
    story.add_text("last")
    story.blocks[-1].move_up()
    equal([block.TYPE for block in the_story(world).blocks], ["text", "view", "text", "aggregation"])
    story = the_story(world)
    story.blocks[2].delete()
    equal([block.TYPE for block in the_story(world).blocks], ["text", "view", "aggregation"])


@check("stories: a view block, a text that is changed, and blocks put in order")
def order(world):
    story = the_story(world)
    equal(len(story.blocks), 3)
    (kept,) = [entry for entry in world.refresh().list_saved_searches() if entry.name == "Alice for the story"]
    story.add_view(view_lib.View(kept.id, kept.name, world.sketch.id, world.api))
    equal([block.TYPE for block in the_story(world).blocks], ["text", "view", "aggregation", "view"])
    story = the_story(world)
    equal(story.blocks[3].view.name, kept.name)
    story.blocks[0].text = "# Head of it"
    holds(story.commit(), "not written")
    story.reset()
    story.blocks[0].move_down()
    equal([block.TYPE for block in the_story(world).blocks], ["view", "text", "aggregation", "view"])
    story = the_story(world)
    story.move_to(story.blocks[1], 0)
    equal(the_story(world).blocks[0].text, "# Head of it")
    story = the_story(world)
    holds("Head of it" in story.to_string(), "the text is missing")
    story.remove_block(3)
    again = the_story(world)
    equal([block.TYPE for block in again.blocks], ["text", "view", "aggregation"])
    again.blocks[0].data = "# Head\n\n<script>alert(1)</script>"
    again.blocks[1].view = kept
    found = the_story(world)
    equal((found.blocks[0].text[:6], found.blocks[1].view.name), ("# Head", kept.name))


@check("stories: exported as Markdown and as HTML, harmless")
def export(world):
    story = the_story(world)
    markdown = story.to_markdown()
    holds(markdown.startswith("# Head"), markdown[:100])
    holds("| ... |" in markdown and "alice" in markdown, "the events are missing")
    equal(story.to_export_format("markdown")["story"], markdown)
    page = story.to_html()
    holds("<h1>What happened</h1>" in page and "<svg" in page, page[:300])
    holds("<script" not in page, "a script came through")


@check("stories: deleted")
def delete(world):
    holds(the_story(world).delete(), "not deleted")
    equal(world.sketch.list_stories(), [])
    for entry in world.sketch.list_aggregations():
        entry.delete()
    for search in world.refresh().list_saved_searches():
        if search.name == "Alice for the story":
            search.delete()
