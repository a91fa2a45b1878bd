//! `--trace`: the messages of each call on stderr, for the one who sits at the machine. Only with loopback listeners.

use crate::exchange::body::Source;
use crate::exchange::call::Call;
use crate::exchange::call::RequestId;
use crate::exchange::stage::Reply;
use crate::gateway::log;

/// A message on its way.
pub(crate) fn message(call: &Call, way: &str) {
    let operation = call.target.operation().map(|operation| &*operation.route).unwrap_or_default();
    print(&call.facts.id, &format!("{operation}, {way}"), &call.body.root);
}

/// What the caller gets.
pub(crate) fn reply(id: &RequestId, reply: &Reply) {
    print(id, &format!("status {}, to the caller", reply.status.as_u16()), &reply.body);
}

fn print(id: &RequestId, what: &str, body: &Source) {
    const MOST: usize = 64 << 10;
    let (bytes, more) = match body {
        Source::Empty => (&[][..], ""),
        Source::Whole(bytes) => (&bytes[..], ""),
        Source::Stream(stream) => (&stream.read[..], " (and more, still arriving)"),
    };
    let cut = if bytes.len() > MOST { " (cut)" } else { "" };
    let mut text = format!("--- {id} {what}: {} bytes{more}{cut}\n", bytes.len()).into_bytes();
    text.extend_from_slice(bytes.get(..bytes.len().min(MOST)).unwrap_or_default());
    if !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    log::write(text);
}
