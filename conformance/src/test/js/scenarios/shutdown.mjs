import assert from "node:assert/strict";
import { pause, until } from "../lab.mjs";

const WAYS = [
  ["websocket", "json"],
  ["websocket", "protobuf"],
  ["http_stream", "json"],
  ["http_stream", "protobuf"],
  ["sse", "json"],
];

/** Several clients over each transport, so that each node has some of them, while publications continue. */
export async function clientsOfANodeThatShutsDownContinueAtTheOther(lab) {
  const { proxies, survivor, shutDown } = lab.network;
  const channel = lab.unique("stream");
  const readers = [];
  for (const url of proxies) {
    for (const [transport, protocol] of WAYS) {
      for (let i = 0; i < 3; i++) {
        readers.push(await readerOf(lab.at(url, protocol, transport), channel));
        // A stream takes two requests, so without another one all would be at the same node.
        if (transport !== "websocket") await fetch(url);
      }
    }
  }
  let written = 0;
  const write = () => lab.at(survivor).call("publish", { channel, data: ++written });

  await write();
  let stopped;
  fetch(shutDown, { method: "POST" }).then(({ status }) => (stopped = status));
  while (stopped === undefined || readers.some(({ client }) => client.centrifuge.state !== "connected")) {
    // History keeps a hundred for those that are on their way.
    if (written < 90) await write();
    await pause(20);
  }
  assert.equal(stopped, 200);
  await write();

  for (const { client, heard, closes } of readers) {
    await until(() => heard.length >= written, `all publications are heard after ${JSON.stringify(closes)}`);
    assert.deepEqual(client.values(heard), Array.from({ length: written }, (_, i) => i + 1));
  }
  const moved = readers.filter(({ closes }) => closes.some(({ code }) => code === 3001));
  assert.ok(moved.some(({ transport }) => transport === "websocket"), "no socket was closed with 3001");
  assert.ok(moved.some(({ transport }) => transport !== "websocket"), "no stream was closed with 3001");
}

async function readerOf(lab, channel) {
  const client = await lab.connected();
  const { heard } = await client.subscribed(channel);
  const closes = [];
  client.centrifuge.on("connecting", ({ code, reason }) => closes.push({ code, reason }));
  return { client, heard, closes, transport: lab.transport };
}
