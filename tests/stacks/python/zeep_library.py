"""Calls the library by the WSDL at the address given."""

import datetime
import sys
from decimal import Decimal

import zeep
from zeep_calls import call

service = zeep.Client(sys.argv[1]).service

call("text", service.echo_text, 'a <b> & "c" ß 中 😀')
call("decimals", service.add, Decimal("123456789012345678901234567890"), Decimal("0.000000000000000000000000000001"))
call("integer", service.square, 1000000000000001)

loan = {
    "on": datetime.date(2024, 2, 28),
    "at": datetime.time(23, 59, 59),
    "until": datetime.datetime(2024, 12, 31, 12),
    "period": datetime.timedelta(days=3, hours=4),
}
call("dates", service.extend_loan, loan, 2)

for count in (0, 1, 3):
    call(f"array of {count} back", service.numbers, count)
call("array of 0 there", service.count_words, {"string": []})
call("array of 1 there", service.count_words, {"string": ["one"]})
call("nil array there", service.count_words, None)
call("absent result", service.find_author, "nobody")
call("absent element", service.find_author, "Lem")

book = {
    "isbn": "1",
    "title": "T",
    "genre": "novel",
    "authors": {"Author": [{"name": "A", "born": datetime.date(1921, 9, 12)}, {"name": "B"}]},
    "keyword": ["x", "y"],
    "price": {"_value_1": Decimal("12.50"), "currency": "EUR"},
}
call("nested types", service.store_book, book)
call("enumeration", service.other_genres, "poetry")
call("recursive type", service.shelves, 2)
call("declared fault", service.get_book, "7")
call("undeclared fault", service.get_book, "broken")
call("headers", service.reserve, "7", _soapheaders={"Session": {"token": "abc", "retries": 2}})
call("bytes", service.reverse, b"\1\2\3", False)
call("derived type", service.media)
call("bare body", service.price_of, **book)
call("records", service.books, 1)
call("nothing there", service.ping)
call("nothing back", service.forget, "1")
call("several results", service.split, "hello")
