"""The diagram is drawn without script or style, says what is lit, and has its words beside it."""

import re

from lxml import etree

from fridhem.foundation.processes import diagram
from fridhem.foundation.processes.reading import read_process
from fridhem.rooms.processes import catalogue
from tests.factories.processes import ROLES, chain

SVG = "{http://www.w3.org/2000/svg}"


def drawn(definition, **given):
    return etree.fromstring(diagram.draw(definition, **{"title": "Titel", "description": "Beskrivning", **given}))


def test_the_picture_has_a_name_and_a_description():
    picture = drawn(catalogue.shipped()["vinr_adult", 1], title="Våld & skydd", description="Nu: <kartlägga>")

    named = [picture.find(f".//*[@id='{id}']").text for id in picture.get("aria-labelledby").split()]
    assert picture.get("role") == "img"
    assert named == ["Våld & skydd", "Nu: <kartlägga>"]


def test_the_picture_needs_neither_style_nor_script():
    picture = str(diagram.draw(catalogue.shipped()["vinr_adult", 1], title="a", description="b"))

    assert re.findall(r"\bstyle=|<style|<script|\bon\w+=|href=", picture) == []


def test_todays_step_is_lit_and_what_is_done_is_marked():
    picture = drawn(catalogue.shipped()["vinr_adult", 1], done={"start", "assess_protection"}, current={"map_violence"})

    look = {group.get("data-node"): group.get("class") for group in picture.iter(f"{SVG}g")}
    assert {id for id, kind in look.items() if kind == "process-current"} == {"map_violence"}
    assert {id for id, kind in look.items() if kind == "process-done"} == {"start", "assess_protection"}
    assert [group.get("data-node") for group in picture.iter(f"{SVG}g") if group.get("id") == "process-now"] == ["map_violence"]
    lit = picture.xpath("//*[local-name()='g'][@data-node='map_violence']/*[local-name()='rect']/@fill")
    assert diagram.WINDOW in lit


def test_every_name_in_the_process_is_in_the_picture():
    definition = catalogue.shipped()["vinr_adult", 1]
    picture = drawn(definition)

    texts = [" ".join(span.text for span in text.iter(f"{SVG}tspan")) or text.text for text in picture.iter(f"{SVG}text")]
    expected = [node.name for node in definition.nodes.values() if node.name]
    expected += [one.name for one in definition.main.flows if one.name] + [lane.name for lane in definition.main.lanes]
    assert sorted(texts) == sorted(expected)


def test_names_from_a_file_can_not_break_out_of_the_picture():
    definition = read_process(chain("talk").replace(b'name="Talk"', b'name="&lt;script&gt;x&lt;/script&gt;"'), roles=ROLES)

    picture = drawn(definition)
    assert list(picture.iter(f"{SVG}script")) == []


def test_the_outline_says_in_words_what_the_picture_shows():
    definition = read_process(chain("first", "second", "third"), roles=ROLES)

    lines = diagram.outline(definition, done={"start", "first"}, current={"second"})

    assert [(line.node.name, line.progress) for line in lines] == [("First", "done"), ("Second", "current"), ("Third", "ahead")]


def test_what_was_found_of_a_step_is_written_at_it_and_weighs_more_the_worse_it_is():
    definition = read_process(chain("first", "second"), roles=ROLES)

    picture = drawn(definition, marks={"second": diagram.Mark("sena 40 %", 3), "gone": diagram.Mark("sena 1 %", 0)})

    (marked,) = picture.iterfind(f".//{SVG}g[@data-mark]")
    assert (marked.get("data-mark"), marked.get("class")) == ("second", "process-mark-3")
    assert [span.text for span in marked.iter(f"{SVG}tspan")] == ["Second", "sena 40 %"]
