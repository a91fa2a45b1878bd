"""Calls through zeep, each told as a line of its name, a tab and what came back as JSON.

Numbers that are no small int, dates and bytes are told as strings.
"""

import base64
import datetime
import decimal
import json

import isodate
import zeep
from zeep.helpers import serialize_object


def plain(value):
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.timedelta) or isinstance(value, isodate.Duration):
        return isodate.duration_isoformat(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, float)):
        return str(value)
    if isinstance(value, int) and abs(value) > 2**53:
        return str(value)
    return value


def call(name, operation, *arguments, **named):
    try:
        answer = plain(serialize_object(operation(*arguments, **named), dict))
    except zeep.exceptions.Fault as fault:
        subcodes = [str(code) for code in fault.subcodes or []]
        detail = [] if fault.detail is None else [child.tag for child in fault.detail]
        answer = {"fault": fault.code, "subcodes": subcodes, "message": fault.message, "detail": detail}
    print(name, json.dumps(answer, ensure_ascii=False), sep="\t", flush=True)
