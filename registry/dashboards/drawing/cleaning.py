"""The SVG that Vega wrote → the SVG that we show: a known few elements and attributes, no styles or scripts, own links.

Written anew instead of mended: whatever is not named here does not come through. 清洗.
"""

import re
from collections.abc import Mapping
from copy import deepcopy

from lxml import etree

# On the page the reader's own, on the server and in papers what was installed there.
FONTS = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Registry Song, sans-serif"
SVG = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"
SHAPES = frozenset({"path", "rect", "line", "circle"})
ELEMENTS = SHAPES | {"g", "text", "tspan"}
ATTRIBUTES = frozenset({
    "transform", "d", "x", "y", "x1", "x2", "y1", "y2", "dx", "dy", "width", "height", "rx", "ry", "cx", "cy", "r",
    "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap",
    "stroke-linejoin", "opacity", "text-anchor", "font-size", "font-weight", "font-style",
})  # fmt: skip
VALUE = re.compile(r"[-#\w\s.,()+%]*")  # no url(…), no quotes, no colons
LONG = re.compile(r"(\d\.\d\d)\d+")
INITIAL = {
    "opacity": "1",
    "transform": "translate(0,0)",
    "font-weight": "normal",
    "stroke-dasharray": "",
    "stroke-width": "1",
}
MARK = re.compile(r".*/(r\d+s\d+)")
SAME = "\u200b"
REACH = "14"  # pixels around a mark that still count as it

Links = Mapping[str, tuple[str, str]]


def clean(drawn: str, title: str, summary: str, links: Links) -> bytes:
    """The picture, and above it its links: an image to whoever cannot see it, with links that are not part of it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    source = etree.fromstring(drawn.encode(), parser)
    width, height = (str(round(float(source.get(side, "0")))) for side in ("width", "height"))
    root = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG})
    size = {"viewBox": f"0 0 {width} {height}", "width": width, "height": height}
    root.attrib.update(size | {"class": "chart-picture", "font-family": FONTS})
    said = f"{title}. {summary}" if summary else title
    picture = _add(root, "g", {"role": "img", "aria-label": said})
    _add(picture, "desc", {}, summary)
    marks: list[tuple[str, etree._Element]] = []
    for child in source:
        _copy(child, picture, marks)
    _prune(picture)
    _put_links(root, picture, marks, links)
    return str(etree.tostring(root, encoding="unicode")).encode()


def _add(parent: etree._Element, name: str, given: Mapping[str, str], text: str = "") -> etree._Element:
    made = etree.SubElement(parent, f"{{{SVG}}}{name}", dict(given))
    made.text = text or None
    return made


def _copy(
    element: etree._Element, parent: etree._Element, marks: list[tuple[str, etree._Element]], mark: str = ""
) -> None:
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    if name == "a":
        found = MARK.fullmatch(element.get(XLINK) or element.get("href") or "")
        for child in element:
            _copy(child, parent, marks, found[1] if found else "")
    if name not in ELEMENTS or element.get("display") == "none":
        return
    made = _add(parent, name, _attributes(element), (element.text or "").replace(SAME, "") if "t" in name[0] else "")
    if mark and name in SHAPES:
        marks.append((mark, made))
    for child in element:
        _copy(child, made, marks, mark)


def _attributes(element: etree._Element) -> dict[str, str]:
    return {
        name: LONG.sub(r"\1", value)
        for name, value in element.attrib.items()
        if name in ATTRIBUTES and VALUE.fullmatch(value) and INITIAL.get(name) != value
    }


def _prune(element: etree._Element) -> None:
    """Take out what draws nothing: half of what Vega writes."""
    for child in list(element):
        _prune(child)
        name = etree.QName(child).localname
        if (name == "g" and not len(child)) or (name == "path" and not _is_seen(child)):
            element.remove(child)
        elif name == "g" and not child.attrib:
            _unwrap(child, element)


def _is_seen(path: etree._Element) -> bool:
    """A path with neither fill nor stroke stands in a group with fill none."""
    return bool(path.get("d")) and ("fill" in path.attrib or "stroke" in path.attrib)


def _unwrap(group: etree._Element, parent: etree._Element) -> None:
    place = parent.index(group)
    parent.remove(group)
    for number, child in enumerate(list(group)):
        parent.insert(place + number, child)


def _put_links(
    root: etree._Element, picture: etree._Element, marks: list[tuple[str, etree._Element]], links: Links
) -> None:
    wanted = [(mark, shape) for mark, shape in marks if mark in links and shape.getparent() is not None]
    if not wanted:
        return
    layer = _add(root, "g", {"class": "chart-links"})
    for mark, shape in wanted:
        href, says = links[mark]
        link = _add(layer, "a", {"href": href, "aria-label": says})
        _add(link, "title", {}, says)
        area = deepcopy(shape)
        for name in ("fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "opacity"):
            area.attrib.pop(name, None)
        area.attrib.update({"fill-opacity": "0", "stroke-opacity": "0", "stroke": "#f2a900", "stroke-width": REACH})
        area.set("transform", _moves(shape, picture))
        link.append(area)


def _moves(shape: etree._Element, picture: etree._Element) -> str:
    """All transforms from the picture down to the shape."""
    found: list[str] = []
    here: etree._Element | None = shape
    while here is not None and here is not picture:
        found.insert(0, here.get("transform", ""))
        here = here.getparent()
    return " ".join(filter(None, found))
