"""Calls the desk by the WSDL at the address given."""

import sys
from decimal import Decimal

import zeep
from zeep_calls import call

service = zeep.Client(sys.argv[1]).service

call("decimal", service.Negate, Decimal("123456789012345678901234567890.5"))
call("several parts back", service.Split, "hello")
for count in (0, 1, 2):
    call(f"array of {count} back", service.ListNames, count)
call("array of 0 there", service.CountNames, {})
call("array with nil there", service.CountNames, {"name": ["a", "b"]})
call("members of xs:all", service.Register, {"born": None, "name": "Ada", "days": {"day": ["Mon"]}})
call("enumeration", service.After, "Mon")
call("header", service.Greet, "Ada", _soapheaders={"lang": "de"})
call("declared fault", service.Open)
