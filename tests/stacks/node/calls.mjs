// Calls through SOAP clients of node, each told as a line of its name, a tab and what came back as JSON.
// The packages are found in the folder that CASTILE_STACK_NODE names.

import { createRequire } from "node:module";

export const packages = createRequire(`${process.env.CASTILE_STACK_NODE}/`);

const text = (value) => value;

/** A client of the package `soap`. Numbers stay text where JavaScript would round them, and so do dates. */
export async function client(wsdl, options) {
  const customDeserializer = { integer: text, long: text, decimal: text, date: text, dateTime: text, time: text };
  return packages("soap").createClientAsync(wsdl, { customDeserializer, ...options });
}

/** Makes a call; with headers, those of the reply are told too. */
export async function call(name, operation, request, headers = false) {
  let answer;
  try {
    const [body, , replied] = await operation(request);
    answer = headers ? [body, replied] : body;
  } catch (error) {
    answer = error.root?.Envelope.Body ?? `${error}`;
  }
  console.log(`${name}\t${JSON.stringify(answer ?? null)}`);
}
