"""Completes the tags of a PDF: WeasyPrint 70 leaves heads and feet hanging, and ids of headings without a list.

PDF/UA-1 wants content that is either in the structure tree or an artifact (ISO 14289-1, 7.1), and ids that can be
looked up in the tree's IDTree (ISO 32000-1, 14.7.2).
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pydyf


def complete(_: object, pdf: pydyf.PDF) -> None:
    """Make artifacts of content that is in no tree, and list the ids; WeasyPrint calls it before it writes."""
    objects = {each.reference: each for each in pdf.objects}
    root = objects[pdf.catalog["StructTreeRoot"]]
    elements = {
        reference: each
        for reference, each in objects.items()
        if isinstance(each, pydyf.Dictionary) and each.get("Type") == "/StructElem"
    }
    strays = elements.keys() - _reached(root, elements)
    hanging: dict[bytes, set[int]] = defaultdict(set)
    for reference in strays:
        hanging[elements[reference]["Pg"]].update(kid for kid in elements[reference]["K"] if isinstance(kid, int))
        elements[reference].free = "f"
    parents = objects[root["ParentTree"]]["Nums"]
    for number, page in enumerate(pdf.page_references):
        _make_artifacts(objects[objects[page]["Contents"]], parents[2 * number + 1], hanging[page])
    _list_ids(pdf, root, {reference: elements[reference] for reference in elements.keys() - strays})


def _reached(root: pydyf.Dictionary, elements: Mapping[bytes, pydyf.Dictionary]) -> set[bytes]:
    """Return the references of the elements that are in the tree."""
    reached: set[bytes] = set()
    left: list[Any] = list(root["K"])
    while left:
        kid = left.pop()
        if kid in elements and kid not in reached:
            reached.add(kid)
            left += elements[kid]["K"]
    return reached


def _make_artifacts(content: pydyf.Stream, parents: pydyf.Array, pieces: set[int]) -> None:
    """Make artifacts of pieces of a page's content, by their numbers."""
    kept: list[Any] = []
    for operand in content.stream:
        if kept and isinstance(kept[-1], pydyf.Dictionary) and kept[-1].get("MCID") in pieces and operand == b"BDC":
            kept[-2:] = ["/Artifact", b"BMC"]
        else:
            kept.append(operand)
    content.stream = kept
    for piece in pieces:
        parents[piece] = "null"


def _list_ids(pdf: pydyf.PDF, root: pydyf.Dictionary, elements: Mapping[bytes, pydyf.Dictionary]) -> None:
    named = sorted((each["ID"].string, each["ID"], reference) for reference, each in elements.items() if "ID" in each)
    if named:
        names = [part for _, name, reference in named for part in (name, reference)]
        limits = pydyf.Array([named[0][1], named[-1][1]])
        leaf = pydyf.Dictionary({"Names": pydyf.Array(names), "Limits": limits})
        pdf.add_object(leaf)
        root["IDTree"] = pydyf.Dictionary({"Kids": pydyf.Array([leaf.reference])})
