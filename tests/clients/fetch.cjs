// Makes calls with a client that openapi-generator made for typescript-fetch.
//
// Arguments: the folder of its sources, that of what they were compiled to, the gateway, a file of calls. A call is
// {"operation": "...", "request": {...}}: the request is made a model by the client's own functions, so that what a model
// does not know is lost. One line is written for each call: {"reply": ...} or {"error": "..."}.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const [sources, compiled, basePath, calls] = process.argv.slice(2);
const client = require(path.resolve(compiled));

const plain = (text) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

// What the generated sources say of each operation: its class and method, how its request is named and converted, and its reply.
const operations = new Map();
for (const file of fs.readdirSync(path.join(sources, "apis")).filter((name) => name.endsWith("Api.ts"))) {
  const source = fs.readFileSync(path.join(sources, "apis", file), "utf8");
  for (const part of source.split(/\n    async /).slice(1)) {
    const [, method] = /^(\w+)\(/.exec(part) ?? [];
    if (method === undefined || method.endsWith("Raw") || method.endsWith("RequestOpts")) continue;
    const whole = source.slice(source.indexOf(`async ${method}RequestOpts(`), source.indexOf(`async ${method}(`));
    const [, toJson, name] = /body: (?:(\w+)ToJSON\()?requestParameters\['([^']+)'\]/.exec(whole) ?? [];
    const [, reply] = /JSONApiResponse(?:<[^(]*>)?\(response, \(jsonValue\) => (\w+)FromJSON/.exec(whole) ?? [];
    operations.set(plain(method), { class: file.slice(0, -3), method, toJson, name, reply });
  }
}

const call = async ({ operation, request }) => {
  const known = operations.get(plain(operation));
  if (known === undefined) throw new Error(`no method for ${operation}; there are ${[...operations.keys()]}`);
  const api = new client[known.class](new client.Configuration({ basePath }));
  const model = known.toJson ? client[`${known.toJson}FromJSON`](request) : request;
  const reply = await api[known.method]({ [known.name]: model });
  return known.reply ? client[`${known.reply}ToJSON`](reply) : reply;
};

(async () => {
  for (const one of JSON.parse(fs.readFileSync(calls, "utf8"))) {
    let told;
    try {
      told = { reply: (await call(one)) ?? null };
    } catch (error) {
      told = { error: `${error}${error.response ? ` ${error.response.status} ${await error.response.text()}` : ""}` };
    }
    console.log(JSON.stringify(told));
  }
})();
