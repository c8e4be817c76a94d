"""The metadata of an archive package as XML, by the schema that lies beside it. 归档元数据.

The seven items that are asked for at least (题名、文件编号、责任者、日期、机构或问题、保管期限、密级), the entry in the
archive, how the paper is related to others (DA/T 46-2009), and every file with its digests.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from .archive_words import said
from .models import AgreementKind, Disclosure, Retention, RevisionKind, Secrecy

SCHEMA_FILE = Path(__file__).with_name("archive-metadata-1.xsd")
NAMESPACE = "urn:cooperation-registry:archive-metadata:1"
FORM = "1.0"
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Data = Mapping[str, Any]


@cache
def schema_bytes() -> bytes:
    """The XML schema as it goes into every package."""
    return SCHEMA_FILE.read_bytes()


def metadata_xml(dossier: Data, digests: Iterable[tuple[str, int, str, str]]) -> bytes:
    """The metadata; `digests` gives name, size, SHA-256 and SM3 ("" where there is none) of every other member."""
    root = ET.Element("archive", {"xmlns": NAMESPACE, "version": FORM})
    _minimum(ET.SubElement(root, "minimum"), dossier)
    _entry(ET.SubElement(root, "entry"), dossier["archive"])
    _relations(ET.SubElement(root, "relations"), dossier)
    files = ET.SubElement(root, "files")
    known = {one["name"]: one for one in dossier["files"]}
    for name, size, sha256, sm3 in digests:
        _file(files, known.get(name, {}), {"name": name, "size": str(size), "sha256": sha256, "sm3": sm3})
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def _minimum(at: ET.Element, dossier: Data) -> None:
    agreement, archive = dossier["agreement"], dossier["archive"]
    _add(at, "title", agreement["title_zh"])
    _add(at, "documentNumber", agreement["number"] or "")
    for party in agreement["parties"]:
        _add(at, "responsible", party["name"], role=party["role"])
    _add(at, "date", archive["signed_on"] if dossier["revision"] else agreement["signed_on"] or archive["signed_on"])
    _add(at, "organisationOrSubject", f"{agreement['owner']}　{said(AgreementKind(agreement['kind']))}")
    _add(at, "retention", said(Retention(archive["retention"])), code=archive["retention"])
    _add(at, "secrecy", said(Secrecy(archive["secrecy"])), code=archive["secrecy"])


def _entry(at: ET.Element, archive: Data) -> None:
    _add(at, "archiveNumber", archive["number"])
    _add(at, "archivedAt", archive["archived_at"])
    _add(at, "archivedBy", archive["archived_by"])
    if archive["kept_until"]:
        _add(at, "keptUntil", archive["kept_until"])
    _add(at, "disclosure", said(Disclosure(archive["disclosure"])), code=archive["disclosure"])
    _add(at, "originals", archive["originals"], place=archive["place"])


def _relations(at: ET.Element, dossier: Data) -> None:
    """agreement → revision → the revision before it; and the agreement that this one supplements."""
    agreement, revision = dossier["agreement"], dossier["revision"]
    _relation(at, "agreement", agreement["registry_id"], agreement["number"])
    if agreement["parent"]:
        _relation(at, "parent", agreement["parent"]["registry_id"], agreement["parent"]["number"])
    if revision:
        kind = said(RevisionKind(revision["kind"]))
        _relation(at, "revision", revision["id"], f"{revision['no']} {kind}", revision["content_sha256"])
    if revision and revision["previous"]:
        before = revision["previous"]
        _relation(at, "previous", before["id"], f"{before['no']} {before['archive_number']}".strip())


def _relation(at: ET.Element, kind: str, target: str, text: str | None, content_sha256: str = "") -> None:
    more = {"contentSha256": content_sha256} if content_sha256 else {}
    _add(at, "relation", text or "", type=kind, target=target, **more)


def _file(at: ET.Element, known: Data, found: dict[str, str]) -> None:
    more = {"role": known["kind"], "mediaType": known["media_type"]} if known else {}
    digests = {name: value for name, value in found.items() if value}
    _add(at, "file", known.get("original_name", ""), **digests, **more)


def _add(at: ET.Element, name: str, text: Any, /, **attributes: Any) -> None:
    one = ET.SubElement(at, name, {key: _clean(value) for key, value in attributes.items()})
    one.text = _clean(text)


def _clean(value: Any) -> str:
    """XML cannot write every character, not even escaped."""
    return UNWRITABLE.sub("\ufffd", str(value))
