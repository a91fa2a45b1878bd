"""A second opinion: libxml2 on instances of the schemas of a WSDL.

Reads one JSON object: {"wsdl": path, "instances": [xml, ...]}; writes {"compiled": bool, "why": text, "verdicts": [null or the error, ...]}.
Inline schemas are written to files of their own, with imports between them given locations; nothing is fetched.
"""

import copy
import json
import os
import sys
import tempfile

from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
XML_XSD = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">'
    '<xs:attribute name="lang"/><xs:attribute name="space"/><xs:attribute name="base"/><xs:attribute name="id"/></xs:schema>'
)


class WellKnown(etree.Resolver):
    """Stands in for the schema of the XML namespace, wherever it is imported from."""

    def resolve(self, url, public_id, context):
        return self.resolve_string(XML_XSD, context) if "xml.xsd" in (url or "") else None


PARSER = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False, huge_tree=True)
PARSER.resolvers.add(WellKnown())


def documents(path, seen):
    """The WSDL documents of a contract: the root and what it imports."""
    path = os.path.abspath(path)
    if path in seen:
        return
    seen[path] = etree.parse(path, PARSER)
    for one in seen[path].iterfind("{http://schemas.xmlsoap.org/wsdl/}import"):
        location = os.path.join(os.path.dirname(path), one.get("location", ""))
        if location.endswith((".wsdl", ".xml")) and os.path.isfile(location):
            documents(location, seen)


def compiled(wsdl, folder):
    """One schema that imports all inline schemas of the contract."""
    found = {}
    documents(wsdl, found)
    inline = [(path, one) for path, tree in found.items() for one in tree.iter(XS + "schema")]
    files = {}
    for number, (_, schema) in enumerate(inline):
        namespace = schema.get("targetNamespace", "")
        if namespace in files:
            raise ValueError("several inline schemas of one namespace")
        files[namespace] = os.path.join(folder, f"inline-{number}.xsd")
    xml = os.path.join(folder, "xml.xsd")
    with open(xml, "w") as file:
        file.write(XML_XSD)
    for (path, schema), target in zip(inline, files.values()):
        own = etree.fromstring(etree.tostring(copy.deepcopy(schema)) if schema.getparent() is None else etree.tostring(schema), PARSER)
        own.tail = None
        for one in own.iter(XS + "import", XS + "include", XS + "redefine"):
            namespace, location = one.get("namespace", ""), one.get("schemaLocation")
            if one.tag == XS + "import" and namespace.endswith("/XML/1998/namespace"):
                one.set("schemaLocation", xml)
            elif one.tag == XS + "import" and not location and namespace in files:
                one.set("schemaLocation", files[namespace])
            elif location and "://" not in location:
                one.set("schemaLocation", os.path.join(os.path.dirname(path), location))
        etree.ElementTree(own).write(target)
    driver = etree.Element(XS + "schema", nsmap={"xs": XS[1:-1]}, targetNamespace="urn:castile:driver")
    for namespace, target in files.items():
        attributes = {"schemaLocation": target}
        if namespace:
            attributes["namespace"] = namespace
        etree.SubElement(driver, XS + "import", attributes)
    path = os.path.join(folder, "driver.xsd")
    etree.ElementTree(driver).write(path)
    return etree.XMLSchema(etree.parse(path, PARSER))


def main():
    asked = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        try:
            schema = compiled(asked["wsdl"], folder)
        except (etree.Error, ValueError, OSError) as error:
            json.dump({"compiled": False, "why": str(error)[:300], "verdicts": []}, sys.stdout)
            return
        verdicts = []
        for instance in asked["instances"]:
            try:
                valid = schema.validate(etree.fromstring(instance.encode(), PARSER))
                verdicts.append(None if valid else str(schema.error_log.last_error)[:500])
            except etree.Error as error:
                verdicts.append(str(error)[:500])
        json.dump({"compiled": True, "why": "", "verdicts": verdicts}, sys.stdout)


main()
