"""The product's texts: compile them, and say which lack a translation.

python tools/messages.py --compile FILE.po   write FILE.mo beside it
python tools/messages.py                     list what the code says that a catalogue lacks
python tools/messages.py --check             the same, exit 1 when something lacks
"""

import re
import sys
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).parent.parent / "src" / "fridhem"
LANGUAGES = ("sv",)


def compile_catalogue(path: Path) -> None:
    """Write the .mo beside a .po."""
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.parent.parent.name)
    with path.with_suffix(".mo").open("wb") as target:
        write_mo(target, catalogue)


Text = tuple[str, str]  # its context, empty for most; the text itself


def said() -> dict[Text, str]:
    """Every text that the code marks for translation → the first place that says it."""
    texts: dict[Text, str] = {}
    methods = [("**/migrations/**", "ignore"), ("**.py", "python")]
    contextual = ((1, "c"), 2)
    keywords = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": contextual}
    keywords["pgettext_lazy"] = contextual
    for name, line, message, _comments, context in extract_from_dir(SOURCE, methods, keywords=keywords):
        text = message[0] if isinstance(message, tuple) else message
        if text:
            texts.setdefault((context or "", text), f"{name}:{line}")
    for template in sorted(SOURCE.rglob("templates/**/*.html")):
        for found in _in_template(template.read_text(encoding="utf-8")):
            texts.setdefault(found, str(template.relative_to(SOURCE)))
    return texts


def _in_template(source: str) -> list[Text]:
    single = re.findall(r"""\{%\s*(?:translate|trans)\s+(?:"([^"]*)"|'([^']*)')(?:\s+context\s+"([^"]*)")?""", source)
    quoted = re.findall(r"""_\((?:"([^"]+)"|'([^']+)')()\)""", source)
    blocks = re.findall(r"\{%\s*blocktrans(?:late)?\b([^%]*)%\}(.*?)\{%\s*endblocktrans", source, re.S)
    # Django looks a text in `{% translate %}` or `_()` up with its percent signs doubled.
    found = [(context, (one or two).replace("%", "%%")) for one, two, context in single + quoted]
    for options, body in blocks:
        first = re.split(r"\{%\s*plural\s*%\}", body)[0]
        text = " ".join(line.strip() for line in first.strip().splitlines()) if "trimmed" in options else first
        context = re.search(r'context "([^"]*)"', options)
        found.append((context[1] if context else "", re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", text)))
    return found


def translated(language: str) -> set[Text]:
    """The texts that some catalogue of ours gives in `language`."""
    known: set[Text] = set()
    for path in SOURCE.rglob(f"locale/{language}/LC_MESSAGES/django.po"):
        with path.open("rb") as source:
            catalogue = read_po(source, locale=language)
        for message in catalogue:
            strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
            if message.id and all(strings) and not message.fuzzy:
                text = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
                known.add((message.context or "", text))
    return known


def lacking() -> list[str]:
    """One line per text without a translation."""
    texts = said()
    return [
        f"{language}: {text[1]!r}{f' in {text[0]}' if text[0] else ''} ({place})"
        for language in LANGUAGES
        for text, place in sorted(texts.items(), key=lambda item: item[1])
        if text not in translated_once(language)
    ]


_known: dict[str, set[Text]] = {}


def translated_once(language: str) -> set[Text]:
    """`translated`, read once."""
    if language not in _known:
        _known[language] = translated(language)
    return _known[language]


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--compile", name]:
            compile_catalogue(Path(name))
        case [] | ["--check"]:
            lines = lacking()
            print("\n".join(lines) if lines else "Every text has its Swedish.")
            sys.exit(bool(lines) and "--check" in sys.argv)
        case _:
            sys.exit(__doc__)
