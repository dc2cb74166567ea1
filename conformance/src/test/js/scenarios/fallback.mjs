import assert from "node:assert/strict";
import { next, until } from "../lab.mjs";

// The list of transports of a page, in networks that break some of them.

export async function clientOfAProxyThatBlocksWebSocketStreamsOverHttp(lab) {
  assert.deepEqual(await transportsTried(lab, lab.network.blocked), ["websocket", "http_stream", "http_stream"]);
}

export async function clientOfAProxyThatBlocksHttpStreamingTooReceivesEvents(lab) {
  const tried = await transportsTried(lab, lab.network.eventsOnly);

  assert.deepEqual(tried, ["websocket", "http_stream", "sse", "sse"]);
}

/** Of a client that finds a transport, publishes over it, and uses it again after a cut. */
async function transportsTried(lab, url) {
  const client = await lab.at(url).connected();
  const subscription = await client.subscribed(lab.unique("stream"));
  await subscription.publish(client.encode(1));
  await until(() => subscription.heard.length === 1, "the publication is heard");

  const subscribed = next(subscription, "subscribed");
  client.connections.at(-1).cut();
  assert.equal((await subscribed).recovered, true);

  return client.connections.map(({ transport }) => transport);
}
