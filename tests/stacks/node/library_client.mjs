// Calls the library by the WSDL at the address given, in the SOAP version that follows.

import { call, client } from "./calls.mjs";

const [, , wsdl, version] = process.argv;
const library = await client(wsdl, { forceSoap12Headers: version === "1.2" });

await call("text", library.echo_textAsync, { text: 'a <b> & "c" ß 中 😀' });
await call("decimals", library.addAsync, { a: "123456789012345678901234567890", b: "0.000000000000000000000000000001" });
await call("integer", library.squareAsync, { n: "1000000000000001" });
const loan = { on: "2024-02-28", at: "23:59:59", until: "2024-12-31T12:00:00", period: "P3DT4H" };
await call("dates", library.extend_loanAsync, { loan, days: 2 });
for (const count of [0, 1, 3]) {
  await call(`array of ${count} back`, library.numbersAsync, { count });
}
await call("array of 0 there", library.count_wordsAsync, { words: { string: [] } });
await call("array of 1 there", library.count_wordsAsync, { words: { string: ["one"] } });
await call("array with nil there", library.count_wordsAsync, { words: { string: ["one", null, ""] } });
await call("nil array there", library.count_wordsAsync, { words: null });
await call("absent result", library.find_authorAsync, { name: "nobody" });
await call("absent element", library.find_authorAsync, { name: "Lem" });
const book = {
  attributes: { isbn: "1" },
  title: "T",
  genre: "novel",
  authors: { Author: [{ name: "A", born: "1921-09-12" }, { name: "B" }] },
  keyword: ["x", "y"],
  price: { attributes: { currency: "EUR" }, $value: "12.50" },
};
await call("nested types", library.store_bookAsync, { book });
await call("enumeration", library.other_genresAsync, { genre: "poetry" });
await call("recursive type", library.shelvesAsync, { depth: 2 });
await call("declared fault", library.get_bookAsync, { isbn: "7" });
await call("undeclared fault", library.get_bookAsync, { isbn: "broken" });
library.addSoapHeader({ "tns:Session": { "tns:token": "abc", "tns:retries": 2 } });
await call("headers", library.reserveAsync, { isbn: "7" }, true);
library.clearSoapHeaders();
await call("bytes", library.reverseAsync, { data: "AQID", twice: false });
await call("derived type", library.mediaAsync, {});
await call("bare body", library.price_ofAsync, book);
await call("records", library.booksAsync, { count: 1 });
await call("nothing there", library.pingAsync, {});
await call("nothing back", library.forgetAsync, { isbn: "1" });
await call("several results", library.splitAsync, { text: "hello" });
