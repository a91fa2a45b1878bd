"""A second opinion: libxml2 on XPath expressions.

Reads a JSON list of {"document", "expression"}; writes a list of results: of nodes the string-values in document order, booleans,
strings, numbers as text. The context node is the document element; the prefix u is bound to urn:u.
"""

import json
import math
import sys

from lxml import etree

NAMESPACES = {"u": "urn:u"}


def value(node, tree):
    """The string-value of what lxml gives for a node."""
    if isinstance(node, etree._Comment) or isinstance(node, etree._ProcessingInstruction):
        return node.text or ""
    if isinstance(node, etree._Element):
        return str(node.xpath("string()"))
    return str(node)


def number(found):
    if math.isnan(found):
        return "NaN"
    if math.isinf(found):
        return "inf" if found > 0 else "-inf"
    return repr(found).removesuffix(".0")


def result(document, expression):
    tree = etree.ElementTree(etree.fromstring(document))
    found = tree.xpath(expression, namespaces=NAMESPACES)
    if isinstance(found, bool) or isinstance(found, str):
        return found if isinstance(found, bool) else str(found)
    if isinstance(found, float):
        return number(found)
    count = int(tree.xpath(f"count({expression})", namespaces=NAMESPACES))
    values = [value(node, tree) for node in found]
    # lxml leaves the root node out; it is the first if it is there.
    return ([tree.xpath("string(/)")] if count > len(values) else []) + values


json.dump([result(one["document"], one["expression"]) for one in json.load(sys.stdin)], sys.stdout)
