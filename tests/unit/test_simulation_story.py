"""A story is told line by line, and kept."""

from app.simulation.story import Event, Story


def test_a_story_is_told_as_it_happens_and_kept():
    lines = []
    story = Story(lines.append)

    story.act("Act 1: begin")
    story.event(Event("2025-01-02", "State staff", "Something is done.", ("http://hub/v1/A/1",)))

    assert lines == [
        "\nAct 1: begin\n------------",
        "2025-01-02  State staff: Something is done.",
        "            http://hub/v1/A/1",
    ]
    assert story.told()[0]["events"][0]["links"] == ("http://hub/v1/A/1",)
