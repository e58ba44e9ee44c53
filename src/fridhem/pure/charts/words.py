"""The words that stand in every table and chart, in the languages of the staff pages.

They are here and not in a translation file because a chart is drawn, and a file written, outside of any request.
"""

WORDS = {
    "sv": {
        "total": "Totalt",
        "count": "Antal",
        "hidden": ".. betyder att uppgiften är dold. Små antal ({low}–{high}) visas inte, och inte heller de uppgifter som "
        "skulle göra att de kunde räknas ut.",
        "zero": "0 betyder att inget har räknats.",
        "is_hidden": "dold uppgift",
        "chart_of": "Stapeldiagram. {title}. Samma uppgifter finns i tabellen.",
        "and_hidden": "{count} uppgifter är dolda och visas som två punkter.",
    },
    "en": {
        "total": "Total",
        "count": "Number",
        "hidden": ".. means that the figure is hidden. Small numbers ({low}–{high}) are not shown, nor are the figures that "
        "would let them be worked out.",
        "zero": "0 means that nothing was counted.",
        "is_hidden": "hidden figure",
        "chart_of": "Bar chart. {title}. The same figures are in the table.",
        "and_hidden": "{count} figures are hidden and shown as two dots.",
    },
}
SEPARATORS = {"sv": "\N{NO-BREAK SPACE}", "en": ","}


def number(count: int, language: str) -> str:
    """A count as it is written: 12 345 in Swedish, 12,345 in English."""
    return f"{count:,}".replace(",", SEPARATORS[language])
