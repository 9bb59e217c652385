"""SVG as a tree, written in one way."""

from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"


def written(root: ET.Element) -> str:
    """Return a tree as text, SVG's own names without a prefix.

    Prefixes belong to all of a process: WeasyPrint takes the empty one for its metadata when it is loaded.
    """
    ET.register_namespace("", SVG.strip("{}"))
    ET.register_namespace("xlink", XLINK.strip("{}"))
    return ET.tostring(root, encoding="unicode")
