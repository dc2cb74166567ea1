import assert from "node:assert/strict";
import { pause, record, until } from "../lab.mjs";

// Through a proxy to two nodes, over each transport. What a client posts arrives at any node.

/** Longer than the proxies of the test leave a connection open without data. */
const QUIET_MILLIS = 8_000;

const upTo = (n) => Array.from({ length: n }, (_, i) => i + 1);

export async function quietConnectionOutlivesTheIdleLimitOfTheProxy(lab) {
  const client = await lab.connected();
  const subscription = await client.subscribed(lab.unique("stream"));
  const interruptions = record(client.centrifuge, "connecting");

  await pause(QUIET_MILLIS);
  await subscription.publish(client.encode(1));
  await until(() => subscription.heard.length === 1, "the publication is heard");

  assert.deepEqual(interruptions.filter(({ reason }) => reason === "transport closed"), []);
}

export async function clientsOfBothNodesTalkAndCall(lab) {
  const clients = await Promise.all(upTo(4).map(() => lab.connected()));
  const channel = lab.unique("stream");
  const subscriptions = await Promise.all(clients.map((client) => client.subscribed(channel)));

  for (const [i, client] of clients.entries()) {
    await subscriptions[i].publish(client.encode({ from: i }));
    const { data } = await client.centrifuge.rpc("sum", client.encode([i, 1]));
    assert.equal(client.decode(data), i + 1);
  }

  for (const [i, { heard }] of subscriptions.entries()) {
    await until(() => heard.length === 4, "all are heard");
    assert.deepEqual(clients[i].values(heard), [0, 1, 2, 3].map((from) => ({ from })));
  }
}

/** Each is heard before the next one is sent, so that nothing pushes it out of a buffer. */
export async function noMessageIsHeldBack(lab) {
  const client = await lab.connected();
  const subscription = await client.subscribed(lab.unique("plain"));

  for (const n of upTo(10)) {
    await subscription.publish(client.encode(n));
    await until(() => subscription.heard.length === n, "the publication is heard");
  }

  assert.deepEqual(client.values(subscription.heard), upTo(10));
}

/**
 * Posts take different ways, so the order is restored only of those that arrive within a moment. On a busy machine that
 * takes several attempts; by chance it never happens.
 */
export async function commandsAreProcessedInTheOrderInWhichTheyAreIssued(lab) {
  const client = await lab.connected();
  const subscription = await client.subscribed(lab.unique("plain"));
  const numbers = upTo(20);
  let values;

  for (let attempt = 1; attempt <= 20 && !isOrdered(values); attempt++) {
    subscription.heard.length = 0;
    await Promise.all(numbers.map((n) => subscription.publish(client.encode(n))));
    await until(() => subscription.heard.length >= numbers.length, "all publications are heard");
    values = client.values(subscription.heard);
    assert.deepEqual([...values].sort((one, other) => one - other), numbers);
  }

  assert.deepEqual(values, numbers);
}

const isOrdered = (values) => values !== undefined && values.every((value, i) => value === i + 1);

export async function cutConnectionsAreRecoveredFromAtAnyNode(lab) {
  const channel = lab.unique("stream");
  const writer = await lab.connected();
  const reader = await lab.connected();
  const atWriter = await writer.subscribed(channel);
  const atReader = await reader.subscribed(channel);
  const entries = record(atReader, "subscribed");
  let written = 0;

  for (const round of upTo(4)) {
    reader.connections.at(-1).cut();
    for (let i = 0; i < 5; i++) await atWriter.publish(writer.encode(++written));
    await until(() => entries.length >= round && atReader.heard.length >= written, "the reader is back");
  }

  assert.deepEqual(reader.values(atReader.heard), upTo(20));
  assert.deepEqual(entries.map(({ recovered }) => recovered), entries.map(() => true));
}
