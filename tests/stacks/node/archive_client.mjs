// Calls the archive by the WSDL at the address given, in the SOAP version that follows.

import { call, client } from "./calls.mjs";

const [, , wsdl, version] = process.argv;
const soap12 = version === "1.2";
const archive = await client(wsdl, { forceSoap12Headers: soap12, forceGzip: true });

await call("text", archive.EchoTextAsync, { text: 'a <b> & "c" ß 中 😀' });
await call("numbers", archive.KeepNumbersAsync, {
  whole: "123456789012345678901234567890",
  amount: "-0.123456789012345678901234567890",
  long: "9223372036854775807",
  ratio: 1.5e300,
  flag: true,
});
await call("dates", archive.KeepDatesAsync, {
  day: "2024-02-29",
  hour: "23:59:59.123",
  moment: "2024-02-29T12:00:00+02:00",
  period: "P1Y2DT3H",
  year: "2024",
});
await call("bytes", archive.KeepBytesAsync, { base64: "AQL/", hex: "0aff" });
for (const count of [0, 1, 3]) {
  await call(`array of ${count} back`, archive.ListNamesAsync, { count });
}
await call("array of 0 there", archive.CountNamesAsync, {});
await call("array of 1 there", archive.CountNamesAsync, { name: ["a"] });
await call("array with nil there", archive.CountNamesAsync, { name: ["a", null, ""] });
await call("nil", archive.FindRecordAsync, { id: 0 });
await call("record", archive.FindRecordAsync, { id: "123456789012345678901234567890" });
const record = {
  attributes: { id: 7, copy: true },
  title: "Map",
  state: "in use",
  place: { attributes: { floor: 2 }, room: "B", shelf: 1 },
  pages: "4 8",
  value: { attributes: { currency: "EUR" }, $value: "12.50" },
  keyword: ["a", "b"],
  donor: "Lem",
};
await call("nested types", archive.StoreRecordAsync, { record });
await call("records", archive.ListRecordsAsync, { state: "in use" });
const tree = { label: "abc", branch: [{ label: "de" }, { label: "fg", branch: [{ label: "hi" }] }] };
await call("recursive type", archive.MirrorTreeAsync, { tree });
await call("enumeration", archive.NextStateAsync, { state: "in use" });
await call("derived types back", archive.ListMediaAsync, {});
await call("declared fault", archive.RemoveRecordAsync, { id: 12 });
await call("another declared fault", archive.RemoveRecordAsync, { id: 13 });
await call("undeclared fault", archive.RemoveRecordAsync, { id: 14 });
const ticket = '<Ticket xmlns="urn:stacks:archive"><reader>Ada</reader><level>2</level></Ticket>';
archive.addSoapHeader(ticket);
await call("headers", archive.BorrowAsync, { id: 1 }, true);
archive.clearSoapHeaders();
await call("no header", archive.BorrowAsync, { id: 1 });
await call("nothing", archive.PingAsync, {});
await call("bare body", archive.DescribeAsync, "sealed");
await call("one way", archive.NoteAsync, { text: "hello" });
