"""A library's catalogue as spyne serves it: the same operations under /soap11 and /soap12.

Prints `listening on http://127.0.0.1:PORT` and serves until it is killed.
"""

import decimal
import sys
import warnings
from datetime import timedelta
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

warnings.filterwarnings("ignore")

from lxml import etree  # noqa: E402
from spyne import (  # noqa: E402
    AnyXml,
    Application,
    Array,
    Boolean,
    ByteArray,
    ComplexModel,
    Date,
    DateTime,
    Decimal,
    Double,
    Duration,
    Enum,
    Fault,
    Int,
    Integer,
    Iterable,
    ServiceBase,
    Time,
    Unicode,
    XmlAttribute,
    XmlData,
    rpc,
)
from spyne.model.complex import SelfReference  # noqa: E402
from spyne.protocol.soap import Soap11, Soap12  # noqa: E402
from spyne.server.wsgi import WsgiApplication  # noqa: E402

NAMESPACE = "urn:stacks:library"
Genre = Enum("novel", "poetry", "atlas", type_name="Genre")


class Model(ComplexModel):
    __namespace__ = NAMESPACE


class Price(Model):
    amount = XmlData(Decimal)
    currency = XmlAttribute(Unicode, use="required")


class Author(Model):
    name = Unicode(min_occurs=1, nillable=False)
    born = Date(min_occurs=0, nillable=True)


class Book(Model):
    isbn = XmlAttribute(Unicode, use="required")
    title = Unicode(min_occurs=1, nillable=False)
    genre = Genre(min_occurs=1, nillable=False)
    authors = Array(Author)
    keyword = Unicode(max_occurs="unbounded", min_occurs=0)
    price = Price


class Shelf(Model):
    label = Unicode
    shelf = Array(SelfReference)


class Medium(Model):
    title = Unicode


class Film(Medium):
    minutes = Int


class Session(Model):
    token = Unicode(min_occurs=1, nillable=False)
    retries = Int


class Receipt(Model):
    number = Integer


class Loan(Model):
    _type_info = [
        ("on", Date),
        ("at", Time),
        ("until", DateTime(timezone=False)),
        ("period", Duration),
    ]


class UnknownBook(Fault):
    """Spyne declares it by an element of an empty type; what stands in the detail is left to the service."""

    __namespace__ = NAMESPACE

    def __init__(self, isbn):
        super().__init__("Client.UnknownBook", f"no book has the number {isbn}", detail={f"{{{NAMESPACE}}}UnknownBook": None})


def shelf_of(depth):
    return Shelf(label=f"level {depth}", shelf=[shelf_of(depth - 1)] * 2 if depth else None)


class Library(ServiceBase):
    @rpc(Unicode, _returns=Unicode)
    def echo_text(ctx, text):
        return text

    @rpc(Decimal, Decimal, _returns=Decimal)
    def add(ctx, a, b):
        with decimal.localcontext() as context:
            context.prec = 60
            return a + b

    @rpc(Integer, _returns=Integer)
    def square(ctx, n):
        return n * n

    @rpc(Loan, Int, _returns=Loan)
    def extend_loan(ctx, loan, days):
        delta = timedelta(days=days)
        return Loan(on=loan.on + delta, at=loan.at, until=loan.until + delta, period=loan.period + delta)

    @rpc(Int, _returns=Array(Integer))
    def numbers(ctx, count):
        return list(range(1, count + 1))

    @rpc(Array(Unicode), _returns=Int)
    def count_words(ctx, words):
        return -1 if words is None else len(words)

    @rpc(Unicode, _returns=Author)
    def find_author(ctx, name):
        return None if name == "nobody" else Author(name=name, born=None)

    @rpc(Book, _returns=Book)
    def store_book(ctx, book):
        return book

    @rpc(Genre, _returns=Array(Genre))
    def other_genres(ctx, genre):
        return [other for other in (Genre.novel, Genre.poetry, Genre.atlas) if other != genre]

    @rpc(Int, _returns=Shelf)
    def shelves(ctx, depth):
        return shelf_of(depth)

    @rpc(Unicode, _returns=Book, _throws=UnknownBook)
    def get_book(ctx, isbn):
        if isbn == "broken":
            raise Fault("Server.Shelf.Fallen", "the shelf fell")
        raise UnknownBook(isbn)

    @rpc(Unicode, _returns=Unicode, _in_header=(Session,), _out_header=(Receipt,))
    def reserve(ctx, isbn):
        ctx.out_header = Receipt(number=10**29 + 1)
        token = ctx.in_header.token if ctx.in_header else "no token"
        return f"{isbn} for {token}"

    @rpc(ByteArray, Boolean, _returns=ByteArray)
    def reverse(ctx, data, twice):
        data = b"".join(data)
        return [data if twice else data[::-1]]

    @rpc(Double, _returns=Array(Double))
    def around(ctx, x):
        """Infinity as Python writes it, which XML Schema does not know."""
        return [x, float("inf")]

    @rpc(_returns=Array(Medium.customize(polymorphic=True)))
    def media(ctx):
        return [Medium(title="Map"), Film(title="Solaris", minutes=167)]

    @rpc(Book, _body_style="bare", _returns=Price)
    def price_of(ctx, book):
        return book.price

    @rpc(AnyXml, _returns=AnyXml)
    def wrap(ctx, content):
        outer = etree.Element("{urn:stacks:other}outer")
        outer.append(content)
        return outer

    @rpc(Int, _returns=Iterable(Book))
    def books(ctx, count):
        for number in range(count):
            yield Book(isbn=str(number), title=f"Book {number}", genre=Genre.atlas, authors=[])

    @rpc(_returns=Unicode)
    def ping(ctx):
        return "pong"

    @rpc(Unicode)
    def forget(ctx, isbn):
        pass

    @rpc(Unicode, _returns=[Unicode, Int])
    def split(ctx, text):
        return text[:1], len(text)


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def application(protocol):
    return WsgiApplication(Application([Library], NAMESPACE, in_protocol=protocol(validator="lxml"), out_protocol=protocol(polymorphic=True)))


def main():
    faces = {"/soap11": application(Soap11), "/soap12": application(Soap12)}

    def route(environ, start_response):
        face = faces.get(environ["PATH_INFO"].rstrip("/"))
        if face is None:
            start_response("404 Not Found", [])
            return []
        return face(environ, start_response)

    server = make_server("127.0.0.1", 0, route, Threaded, Quiet)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
