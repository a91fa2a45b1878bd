// The server of the package `soap`: some operations of the archive. It answers in chunks and keeps connections open for a
// short time only.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { packages } from "./calls.mjs";

const wsdl = fileURLToPath(new URL("../php/archive.wsdl", import.meta.url));

const list = (items) => (items === undefined ? [] : [items].flat());

const operations = {
  EchoText: ({ text }) => ({ text }),
  KeepNumbers: (numbers) => numbers,
  KeepDates: (dates) => dates,
  ListNames: ({ count }) => ({ name: Array.from({ length: count }, (_, i) => `name ${i + 1}`) }),
  CountNames: (names) => ({ count: list(names?.name).length, nil: 0 }),
  NextState: ({ state }) => ({ state: state === "open" ? "in use" : "sealed" }),
  StoreRecord: ({ record }) => ({ record }),
  RemoveRecord: ({ id }) => {
    throw {
      Fault: {
        faultcode: "soap:Client",
        faultstring: `no record ${id}`,
        detail: { UnknownRecord: { attributes: { xmlns: "urn:stacks:archive" }, id } },
        statusCode: 500,
      },
    };
  },
  Borrow: (_request, _callback, headers) => ({ until: headers?.Ticket?.reader === "Ada" ? "2025-01-31" : "2025-01-15" }),
  Ping: () => ({}),
};

// Text, where JavaScript would round a number or tell a date in its own way.
const text = (value) => value;
const customDeserializer = { integer: text, long: text, decimal: text, double: text, date: text, dateTime: text, time: text };

const http = createServer({ keepAliveTimeout: 200 }, (_, response) => response.writeHead(404).end());
http.listen(0, "127.0.0.1", () => {
  packages("soap").listen(http, {
    path: "/archive",
    services: { Archive: { Archive11: operations } },
    xml: readFileSync(wsdl, "utf8"),
    uri: wsdl,
    customDeserializer,
    callback: () => console.log(`listening on http://127.0.0.1:${http.address().port}`),
  });
});
