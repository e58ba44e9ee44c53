"""Every sort of field is labelled, explained and reachable from the error summary."""

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation
from lxml import html

from fridhem.design.forms import Checkboxes, Radios

CHOICES = [("a", "One"), ("b", "Two")]


class EverySort(forms.Form):
    text = forms.CharField(help_text="As you know it.")
    counted = forms.CharField(widget=forms.Textarea, max_length=200)
    uncounted = forms.CharField(widget=forms.Textarea)
    email = forms.EmailField()
    number = forms.IntegerField()
    password = forms.CharField(widget=forms.PasswordInput)
    day = forms.DateField()
    hour = forms.TimeField()
    moment = forms.DateTimeField()
    split = forms.SplitDateTimeField(widget=forms.SplitDateTimeWidget)
    parts = forms.DateField(widget=forms.SelectDateWidget)
    one = forms.ChoiceField(choices=CHOICES)
    several = forms.MultipleChoiceField(choices=CHOICES)
    radios = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    hinted = forms.ChoiceField(choices=CHOICES, widget=Radios(hints={"a": "The first."}, inline=True))
    boxes = forms.MultipleChoiceField(choices=CHOICES, widget=Checkboxes(hints={"b": "The second."}))
    none = forms.ChoiceField(choices=[], widget=forms.RadioSelect)
    tick = forms.BooleanField(help_text="It is kept.")
    file = forms.FileField()
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


NAMES = [name for name in EverySort.base_fields if name != "secret"]


def rendered(form: forms.BaseForm) -> html.HtmlElement:
    return html.fromstring(f"<form>{form}</form>")


def controls(page: html.HtmlElement, name: str) -> list[html.HtmlElement]:
    return page.xpath(f"//*[self::input or self::select or self::textarea][@name='{name}' or starts-with(@name, '{name}_')]")


def spoken_name(page: html.HtmlElement, control: html.HtmlElement) -> str:
    labels = page.xpath(f"//label[@for='{control.get('id')}']") if control.get("id") else []
    return control.get("aria-label") or " ".join(label.text_content().strip() for label in labels)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "none"])
def test_a_field_of_any_sort_has_a_name_that_is_read_aloud(name):
    page = rendered(EverySort())

    names = [spoken_name(page, control) for control in controls(page, name)]

    assert names
    assert all(names)


@pytest.mark.parametrize("name", NAMES)
def test_a_link_in_the_error_summary_leads_to_the_first_thing_to_fill_in(name):
    page = rendered(EverySort({}))
    field = EverySort({})[name]

    links = [a.get("href") for a in page.xpath("//*[contains(@class, 'govuk-error-summary')]//a")]

    assert f"#{field.error_target}" in links
    (target,) = page.xpath(f"//*[@id='{field.error_target}']")
    assert name == "none" or target is controls(page, name)[0]


@pytest.mark.parametrize("form", [EverySort(), EverySort({})], ids=["empty", "with errors"])
def test_what_a_control_says_describes_it_is_on_the_page_and_no_id_stands_twice(form):
    page = rendered(form)
    ids = page.xpath("//@id")

    described = " ".join(page.xpath("//@aria-describedby")).split()

    assert described
    assert set(described) <= set(ids)
    assert len(ids) == len(set(ids))


def test_a_group_has_a_legend_that_asks_and_a_fieldset_that_tells_the_error():
    page = rendered(EverySort({}))

    groups = {f.find("legend").text_content().strip(): f.get("aria-describedby") for f in page.iter("fieldset")}

    assert groups == {name.capitalize(): f"id_{name}_error" for name in ("split", "parts", "radios", "hinted", "boxes", "none")}


def test_a_hint_of_one_choice_is_read_with_that_choice():
    page = rendered(EverySort())

    (first,) = page.xpath("//*[@id='id_hinted_0']")
    (hint,) = page.xpath(f"//*[@id='{first.get('aria-describedby')}']")

    assert hint.text_content() == "The first."
    assert page.xpath("//*[@id='id_hinted_1']/@aria-describedby") == []


def test_a_field_without_an_answer_says_what_to_do_in_the_readers_language():
    with translation.override("sv"):
        form = EverySort({})
        said = {name: form.errors[name][0] for name in ("text", "one", "radios", "boxes", "tick", "file")}

    assert said == {
        "text": "Skriv ett svar.",
        "one": "Välj ett svar.",
        "radios": "Välj ett svar.",
        "boxes": "Välj minst ett.",
        "tick": "Kryssa i rutan för att gå vidare.",
        "file": "Välj en fil.",
    }


def test_a_forms_own_words_for_a_missing_answer_are_kept():
    class Own(forms.Form):
        place = forms.CharField(error_messages={"required": "Say where."})

    assert Own({}).errors == {"place": ["Say where."]}


def test_the_summary_names_the_field_and_an_error_of_the_whole_form_comes_first():
    class Street(forms.Form):
        street = forms.CharField()
        where = forms.CharField(label="Where is it?")

        def clean(self):
            raise forms.ValidationError("Nothing was saved.")

    with translation.override("en"):
        items = rendered(Street({})).xpath("//*[contains(@class, 'error-summary__list')]/li")

    assert [item.text_content() for item in items] == [
        "Nothing was saved.",
        "Street: Write an answer.",
        "Where is it? Write an answer.",
    ]


@pytest.mark.parametrize(("name", "kind"), [("day", "date"), ("hour", "time"), ("moment", "datetime-local")])
def test_days_and_hours_get_the_browsers_own_picker(name, kind):
    (control,) = controls(rendered(EverySort()), name)

    assert control.get("type") == kind


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_a_typed_iso_date_is_understood_and_written_back_the_same(language):
    with translation.override(language):
        form = EverySort({"day": "2026-02-28", "moment": "2026-02-28T23:40"})
        page = rendered(form)

        assert form.fields["day"].clean("2026-02-28").isoformat() == "2026-02-28"
        assert controls(page, "day")[0].get("value") == "2026-02-28"
        assert (
            controls(rendered(EverySort(initial={"day": form.fields["day"].clean("2026-02-28")})), "day")[0].get("value")
            == "2026-02-28"
        )


def test_optional_fields_say_so_and_the_browser_never_stops_a_form():
    class Form(forms.Form):
        asked = forms.CharField()
        free = forms.CharField(required=False)

    with translation.override("en"):
        page = rendered(Form())

    assert [label.text_content().split() for label in page.iter("label")] == [["Asked"], ["Free", "(optional)"]]
    assert page.xpath("//@required") == []


def test_what_the_sender_wrote_is_text_and_never_markup():
    form = EverySort({"text": "<b>x</b>", "counted": "</textarea><script>x</script>", "number": "<i>"})

    page = rendered(form)

    assert page.xpath("//b | //script | //i") == []
    assert controls(page, "counted")[0].text_content().strip() == "</textarea><script>x</script>"


def test_named_fields_are_placed_under_a_legend_and_the_rest_elsewhere():
    template = Template('{% load design %}{% fields form "text" "day" legend="Where and when" %}')

    page = html.fromstring(template.render(Context({"form": EverySort()})))

    assert page.tag == "fieldset"
    assert page.find("legend").text_content() == "Where and when"
    assert page.xpath(".//@name") == ["text", "day"]


def test_all_fields_without_names_bring_the_hidden_ones_along():
    page = html.fromstring(Template("<div>{% load design %}{% fields form %}</div>").render(Context({"form": EverySort()})))

    assert page.xpath(".//input[@type='hidden']/@name") == ["secret"]


def test_a_formset_gathers_the_errors_of_its_forms_in_one_summary():
    class Row(forms.Form):
        street = forms.CharField()

    rows = forms.formset_factory(Row, extra=0)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-street": "", "form-1-street": ""}
    )

    page = html.fromstring(f"<form>{rows}</form>")

    links = page.xpath("//*[contains(@class, 'error-summary__list')]//a/@href")
    assert links == ["#id_form-0-street", "#id_form-1-street"]
    assert all(page.xpath(f"//*[@id='{link[1:]}']") for link in links)


def test_a_form_without_ids_still_tells_its_errors():
    page = rendered(EverySort({}, auto_id=False))

    items = page.xpath("//*[contains(@class, 'error-summary__list')]/li")

    assert len(items) == len(NAMES)
    assert page.xpath("//*[contains(@class, 'error-summary__list')]//a") == []
