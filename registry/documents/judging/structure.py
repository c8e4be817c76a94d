"""What a PDF consists of, at any of its revisions: signature fields, attached files, pages."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

from ..data import LARGEST_RECORD

MOST_PAGES = 2000
MOST_FIELDS = 500  # of every kind, their parents included
MOST_SIGNATURE_FIELDS = 40  # signed, and as many unsigned
MOST_ATTACHMENTS = 50
DEEPEST = 20
RECORD = "agreement.json"


def empty_fields(reader: PdfFileReader) -> Sequence[str] | None:
    """Names of the signature fields that nobody has signed in; None where there are more fields than can be judged.

    To be asked before the signatures are: pyHanko looks at all fields there are.
    """
    if sum(1 for _ in islice(_field_tree(_fields(reader.root), 0), MOST_FIELDS + 1)) > MOST_FIELDS:
        return None
    found = list(enumerate_sig_fields(reader))
    empty = [str(name) for name, value, _field in found if value is None]
    return empty if max(len(empty), len(found) - len(empty)) <= MOST_SIGNATURE_FIELDS else None


def records(root: Any) -> list[bytes]:
    """The embedded agreement.json; more than one where somebody hid another beside it.

    One that is too large is cut short, so that it is seen and can be no record.
    """
    found = [stream.data[: LARGEST_RECORD + 1] for name, stream in attachments(root) if name == RECORD]
    return list(dict.fromkeys(found))


def attachments(root: Any) -> list[tuple[str, Any]]:
    """Name and stream of each attached file, by the name tree and by the list of associated files."""
    specifications = list(_name_tree(_at(_at(root, "/Names", {}), "/EmbeddedFiles", {}), 0))
    specifications += [one.get_object() for one in _at(root, "/AF", ())]
    found = []
    for one in specifications[: 2 * MOST_ATTACHMENTS]:
        for key in ("/F", "/UF"):
            stream = _at(_at(one, "/EF", {}), key, None)
            if isinstance(stream, generic.StreamObject):
                found.append((str(_at(one, "/UF", _at(one, "/F", ""))), stream))
    return found


def pages(root: Any) -> list[Any]:
    """The page dictionaries in order.

    Raises PdfError for a tree that is too large or too deep.
    """
    found = []
    for page in _page_tree(root["/Pages"], 0):
        found.append(page)
        if len(found) > MOST_PAGES:
            raise PdfError("too many pages")
    return found


def contents(page: Any) -> list[bytes]:
    """The page's content streams as they stand in the file."""
    given = _at(page, "/Contents", ())
    streams = [one.get_object() for one in given] if isinstance(given, generic.ArrayObject) else [given]
    return [bytes(one.encoded_data) for one in streams if isinstance(one, generic.StreamObject)]


def notes(page: Any) -> int:
    """How many annotations that are no form fields lie on the page."""
    found = [one.get_object() for one in _at(page, "/Annots", ())]
    return sum(
        not (isinstance(one, generic.DictionaryObject) and _at(one, "/Subtype", "") == "/Widget") for one in found
    )


def _at(node: Any, key: str, otherwise: Any) -> Any:
    """A value of a dictionary with references resolved, which pyHanko's own `get` does not do."""
    try:
        return node[key]
    except KeyError:
        return otherwise


def _fields(root: Any) -> Any:
    return _at(_at(root, "/AcroForm", {}), "/Fields", ())


def _field_tree(kids: Any, depth: int) -> Iterator[None]:
    """One for each node."""
    if depth > DEEPEST:
        raise PdfError("the tree of fields is too deep")
    for child in kids:
        yield None
        yield from _field_tree(_at(child.get_object(), "/Kids", ()), depth + 1)


def _page_tree(node: Any, depth: int) -> Iterator[Any]:
    if depth > DEEPEST:
        raise PdfError("the tree of pages is too deep")
    if "/Kids" not in node:
        yield node
        return
    for child in node["/Kids"]:
        yield from _page_tree(child.get_object(), depth + 1)


def _name_tree(node: Any, depth: int) -> Iterator[Any]:
    if depth > DEEPEST:
        raise PdfError("the tree of names is too deep")
    for item in list(_at(node, "/Names", ()))[1 : 2 * MOST_ATTACHMENTS : 2]:
        yield item.get_object()
    for child in _at(node, "/Kids", ()):
        yield from _name_tree(child.get_object(), depth + 1)
