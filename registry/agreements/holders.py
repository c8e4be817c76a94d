"""Whether a certificate is that of the party in whose field it signed, by the names alone. 签名主体比对."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from ..core.i18n import Message, msg
from ..documents.judging.trusting import DEVELOPMENT
from ..documents.verdicts import CertificateFacts, FileVerdict
from .known_signatures import is_own_closing
from .labels import party_label
from .record_words import shown


def strangers(verdict: FileVerdict, record: Mapping[str, Any], own: CertificateFacts | None) -> Iterator[Message]:
    """Signatures whose certificates name somebody else than the record does, and a closing that is not the registry's.

    `own` is the registry's certificate, where that is known.
    """
    for one in verdict.signed:
        signer = shown(one.signer or "—")
        if one.is_closing and own and not is_own_closing(one, own):
            yield msg(
                "The file was closed with the certificate of %(signer)s, which is not the registry's", signer=signer
            )
        elif one.position and not (one.certificate and _is_of(one.certificate, _names(record, one.position))):
            yield msg(
                "%(signer)s signed in the field of %(party)s, which is %(name)s by the record",
                signer=signer,
                party=party_label(one.position),
                name=shown(next(iter(_names(record, one.position)), "—")),
            )


def _is_of(held: CertificateFacts, names: list[str]) -> bool:
    given = [*held.organisation.split("，"), *held.name.split("，")]
    return bool({_plain(one) for one in given} & {_plain(name) for name in names})


def _plain(name: str) -> str:
    """As written in any width, case and spacing."""
    text = unicodedata.normalize("NFKC", name).removeprefix(DEVELOPMENT)
    return "".join(text.split()).casefold()


def _names(record: Mapping[str, Any], position: int) -> list[str]:
    """The Chinese and the English name of a party, also of one that leaves by this paper.

    The record is anybody's, so it may hold anything.
    """
    content = _object(record.get("content"))
    lists = (content.get("parties"), _object(content.get("change")).get("leaving"))
    listed = [one for some in lists if isinstance(some, list) for one in some]
    found = [one for one in listed if _object(one).get("position") == position]
    named = [one.get("name") for one in found[:1]]
    named.append(_object(_object(content.get("facts")).get(str(position))).get("name_en"))
    return [name for name in named if isinstance(name, str) and name.strip()]


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
