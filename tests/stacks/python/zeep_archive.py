"""Calls the archive by the WSDL at the address given, at the port that follows."""

import datetime
import sys
from decimal import Decimal

import zeep
from lxml import etree
from zeep_calls import call

client = zeep.Client(sys.argv[1], port_name=sys.argv[2])
service = client.service
types = client.type_factory("urn:stacks:archive:types")

call("text", service.EchoText, 'a <b> & "c" ß 中 😀')
call(
    "numbers",
    service.KeepNumbers,
    whole=123456789012345678901234567890,
    amount=Decimal("-0.123456789012345678901234567890"),
    long=2**63 - 1,
    ratio=1.5e300,
    flag=True,
)
call(
    "dates",
    service.KeepDates,
    day=datetime.date(2024, 2, 29),
    hour=datetime.time(23, 59, 59, 123000),
    moment=datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
    period=datetime.timedelta(days=2, hours=3),
    year=(2024, None),
)
call("bytes", service.KeepBytes, base64=b"\1\2\xff", hex=b"0aff")
for count in (0, 1, 3):
    call(f"array of {count} back", service.ListNames, count)
call("array of 0 there", service.CountNames)
call("array of 1 there", service.CountNames, ["a"])
call("nil", service.FindRecord, 0)
call("record", service.FindRecord, 123456789012345678901234567890)
record = {
    "id": 7,
    "copy": True,
    "title": "Map",
    "state": "in use",
    "place": {"room": "B", "shelf": None, "floor": 2},
    "pages": [4, 8],
    "value": {"_value_1": Decimal("12.50"), "currency": "EUR"},
    "keyword": ["a", "b"],
    "donor": "Lem",
}
call("nested types", service.StoreRecord, record)
call("records", service.ListRecords, "in use")
call(
    "recursive type",
    service.MirrorTree,
    {"label": "abc", "branch": [{"label": "de"}, {"label": "fg", "branch": [{"label": "hi"}]}]},
)
call("enumeration", service.NextState, "in use")
call("derived types back", service.ListMedia)
call("derived type there", service.LengthOf, types.Tape(name="x", metres=Decimal("3.25")))
call("declared fault", service.RemoveRecord, 12)
call("another declared fault", service.RemoveRecord, 13)
call("undeclared fault", service.RemoveRecord, 14)
call("headers", service.Borrow, 1, _soapheaders={"header": {"reader": "Ada", "level": 2}})
call("no header", service.Borrow, 1)
seal = etree.Element("{urn:stacks:other}Seal")
envelope = {"Archive11": "http://schemas.xmlsoap.org/soap/envelope/", "Archive12": "http://www.w3.org/2003/05/soap-envelope"}
seal.set(f"{{{envelope[sys.argv[2]]}}}mustUnderstand", "1")
call("header that must be understood and is not", service.Ping, _soapheaders=[seal])
call("nothing", service.Ping)
call("bare body", service.Describe, "sealed")
call("one way", service.Note, "hello")
