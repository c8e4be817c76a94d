"""Brings the Chinese catalogue up to date: .venv/bin/python -m script.translations [other.po …]

Extracts every sentence, drops what nobody says any more, takes Chinese from the other catalogues named (for sentences
that have none yet), sorts, writes, compiles, and lists what is still without Chinese. The English sentences are the
keys, so English needs no catalogue.
"""

import re
import sys
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "registry" / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
SOURCES = (("registry", "**.py", "python"), ("templates", "**.html", "jinja2"))
# msg marks a sentence where no request is at hand (registry.core.i18n).
KEYWORDS = {**DEFAULT_KEYWORDS, "msg": None}
OPTIONS = {"jinja2": {"silent": "false", "extensions": "jinja2.ext.do"}}
# Written by hand: Babel's own header carries a date, which would change with every run.
HEADER = """\
# Chinese of the registry. The English sentences in the code are the keys; script/translations.py keeps this file.
msgid ""
msgstr ""
"Language: zh_Hans_CN\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
Sentence = str | tuple[str, ...] | list[str]
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def extracted() -> Catalog:
    """Every sentence of the code and the templates, with the files it stands in."""
    found = Catalog()
    for folder, pattern, method in SOURCES:
        rows = extract_from_dir(
            ROOT / folder, method_map=[(pattern, method)], options_map={pattern: OPTIONS.get(method, {})},
            keywords=KEYWORDS,
        )  # fmt: skip
        for name, line, key, _comments, context in rows:
            found.add(key, locations=[(f"{folder}/{name}", line)], context=context)
    return found


def read(path: Path) -> Catalog:
    """A catalogue file; an absent one is empty."""
    if not path.exists():
        return Catalog(locale="zh_Hans_CN")
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN", ignore_obsolete=True)


def placeholders(sentence: Sentence | None) -> set[str]:
    """The names that a sentence, or the forms of a plural, leave open."""
    forms = sentence if isinstance(sentence, tuple | list) else [sentence]
    return {name for form in forms for name in PLACEHOLDER.findall(str(form or ""))}


def is_complete(message: Message) -> bool:
    """Whether a sentence has Chinese in all its forms."""
    forms = message.string if isinstance(message.string, tuple | list) else [message.string]
    return bool(forms) and all(forms)


def merged(catalogues: list[Catalog]) -> Catalog:
    """The extracted sentences, each with the first Chinese that a catalogue knows for it."""
    result = Catalog(locale="zh_Hans_CN", project="cooperation-registry", version="1", fuzzy=False)
    for message in extracted():
        if not message.id:
            continue
        known = (catalogue.get(message.id, message.context) for catalogue in catalogues)
        chinese = next((one.string for one in known if one and is_complete(one)), None)
        result.add(message.id, _forms(message, chinese), context=message.context)
    return result


def _forms(message: Message, chinese: Sentence | None) -> Sentence:
    """Chinese has one form where English has two."""
    first = chinese[0] if isinstance(chinese, tuple | list) and chinese else str(chinese or "")
    return (first,) if isinstance(message.id, tuple | list) else first


def main(others: list[str]) -> int:
    """Write the catalogue; the exit status tells whether it is complete."""
    result = merged([read(CATALOGUE), *(read(Path(other)) for other in others)])
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, result, width=0, sort_output=True, omit_header=True)
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, result)
    missing = [message.id for message in result if message.id and not is_complete(message)]
    for sentence in missing:
        print(f"no Chinese yet: {sentence}")
    print(f"{len(result) - len(missing)} of {len(result)} sentences have Chinese")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
