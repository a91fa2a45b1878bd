// Calls the library with the package `strong-soap` by the WSDL at the address given, in the SOAP version that follows.

import { call, packages } from "./calls.mjs";

const { soap } = packages("strong-soap");
const [, , wsdl, version] = process.argv;
const options = { forceSoap12Headers: version === "1.2", disableCache: true };
const library = await new Promise((resolve, reject) =>
  soap.createClient(wsdl, options, (error, client) => (error ? reject(error) : resolve(client))),
);

const operation = (name) => (request) =>
  new Promise((resolve, reject) =>
    library[name](request, (error, body, _envelope, headers) => {
      if (error) {
        reject({ root: { Envelope: error.Envelope ?? error.root?.Envelope ?? error } });
      } else {
        resolve([body, null, headers]);
      }
    }),
  );

await call("text", operation("echo_text"), { text: 'a <b> & "c" ß 中 😀' });
await call("decimals", operation("add"), { a: "1.25", b: "0.5" });
await call("array of 0 back", operation("numbers"), { count: 0 });
await call("array of 1 back", operation("numbers"), { count: 1 });
await call("array of 3 back", operation("numbers"), { count: 3 });
await call("array of 0 there", operation("count_words"), { words: {} });
await call("array of 2 there", operation("count_words"), { words: { string: ["one", "two"] } });
await call("absent result", operation("find_author"), { name: "nobody" });
const book = {
  $attributes: { isbn: "1" },
  title: "T",
  genre: "novel",
  authors: { Author: [{ name: "A" }, { name: "B" }] },
  keyword: ["x", "y"],
  price: { $attributes: { currency: "EUR" }, $value: "12.50" },
};
await call("nested types", operation("store_book"), { book });
await call("enumeration", operation("other_genres"), { genre: "poetry" });
await call("recursive type", operation("shelves"), { depth: 1 });
await call("declared fault", operation("get_book"), { isbn: "7" });
await call("bytes", operation("reverse"), { data: "AQID", twice: false });
await call("nothing there", operation("ping"), {});
await call("several results", operation("split"), { text: "hello" });
