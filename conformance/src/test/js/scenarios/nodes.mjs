import assert from "node:assert/strict";
import { record, until } from "../lab.mjs";
import { publishNumbers } from "./filtering.mjs";
import { invalidate } from "./state.mjs";

// Two nodes without a proxy, so that a scenario knows which node a client is at.

const DELTA = { delta: "fossil" };

const PUBLICATIONS = 40;

const document = (node, n) => ({ symbol: "ACME", name: "Grüße 🌍", exchange: "XETRA", currency: "EUR", node, price: n });

const hears = ({ heard }, count) => until(() => heard.length >= count, `${count} publications are heard`);

/** Publishes at both nodes at the same time; the order is known only afterwards. */
async function publishAtBoth(labs, channel, from, count) {
  const publish = async (lab, node) => {
    for (let n = from; n < from + count / 2; n++) await lab.call("publish", { channel, data: document(node, n) });
  };
  await Promise.all(labs.map(publish));
}

export async function patchesAreForTheSameStreamAtBothNodes(lab) {
  const labs = lab.network.nodes.map((url) => lab.at(url));
  const channel = lab.unique("doc");
  const subscribe = async (lab, protocol, options) => {
    const client = await lab.connected({ protocol });
    const subscription = await client.subscribed(channel, options);
    return { client, subscription, interruptions: record(subscription, "subscribing") };
  };
  const plain = await subscribe(labs[0], "json");
  const withDeltas = await Promise.all(
    labs.flatMap((lab) => [subscribe(lab, "json", DELTA), subscribe(lab, "protobuf", DELTA)]),
  );

  await publishAtBoth(labs, channel, 1, PUBLICATIONS);
  await Promise.all([plain, ...withDeltas].map(({ subscription }) => hears(subscription, PUBLICATIONS)));

  const stream = plain.client.values(plain.subscription.heard);
  for (const node of [0, 1]) {
    assert.deepEqual(
      stream.filter((published) => published.node === node),
      Array.from({ length: PUBLICATIONS / 2 }, (_, i) => document(node, i + 1)),
    );
  }
  for (const { client, subscription, interruptions } of withDeltas) {
    assert.deepEqual(client.values(subscription.heard), stream);
    assert.deepEqual(subscription.heard.map(({ offset }) => offset), stream.map((_, i) => i + 1));
    const { numFullPayloads, numDeltaPayloads } = subscription.deltaStats();
    assert.equal(numFullPayloads + numDeltaPayloads, PUBLICATIONS);
    // On a busy machine pongs are late. Then one is whole in what was missed, and perhaps one after it.
    assert.ok(numFullPayloads <= 1 + 2 * interruptions.length, `${numFullPayloads} whole`);
  }
}

export async function positionAtOneNodeIsContinuedWithPatchesAtTheOther(lab) {
  const labs = lab.network.nodes.map((url) => lab.at(url));
  const channel = lab.unique("doc");
  const first = await labs[0].connected();
  const atFirst = await first.subscribed(channel, DELTA);
  await publishAtBoth(labs, channel, 1, 10);
  await hears(atFirst, 10);
  const { epoch } = atFirst.entered.streamPosition;
  const second = await labs[1].connected();

  const atSecond = await second.subscribed(channel, { ...DELTA, since: { offset: 4, epoch } });
  await publishAtBoth(labs, channel, 6, 10);
  await Promise.all([hears(atFirst, 20), hears(atSecond, 16)]);

  assert.equal(atSecond.entered.recovered, true);
  assert.deepEqual(second.values(atSecond.heard), first.values(atFirst.heard).slice(4));
  assert.ok(atSecond.deltaStats().numDeltaPayloads >= 5 + 9, "patches in what was missed and after it");
}

export async function filteredPositionAtOneNodeIsContinuedAtTheOther(lab) {
  const labs = lab.network.nodes.map((url) => lab.at(url));
  const channel = lab.unique("tagged");
  const odd = { tagsFilter: { key: "kind", cmp: "eq", val: "odd" } };
  const first = await labs[0].connected();
  const atFirst = await first.subscribed(channel, odd);
  await publishNumbers(labs[1], channel, 1, 6);
  await hears(atFirst, 3);
  const { epoch } = atFirst.entered.streamPosition;
  const second = await labs[1].connected();

  const atSecond = await second.subscribed(channel, { ...odd, since: { offset: 2, epoch } });
  await first.goOffline();
  await publishNumbers(labs[0], channel, 7, 10);
  const { recovered } = await first.comeBack(atFirst);
  await publishNumbers(labs[1], channel, 11, 12);
  await Promise.all([hears(atFirst, 6), hears(atSecond, 5)]);

  assert.deepEqual([recovered, atSecond.entered.recovered], [true, true]);
  assert.deepEqual(first.values(atFirst.heard), [1, 3, 5, 7, 9, 11]);
  assert.deepEqual(second.values(atSecond.heard), [3, 5, 7, 9, 11]);
  assert.deepEqual(atFirst.heard.map(({ offset }) => offset), [1, 3, 5, 7, 9, 11]);
}

/** The nodes meet the channels in another order, so that each gives them other numbers. */
export async function numbersOfChannelsAreThoseOfTheNode(lab) {
  const labs = lab.network.nodes.map((url) => lab.at(url));
  const channels = [lab.unique("compact"), lab.unique("compact")];
  const [first, second] = [await labs[0].connected(), await labs[1].connected()];
  const atFirst = [await first.subscribed(channels[0]), await first.subscribed(channels[1])];
  const atSecond = [await second.subscribed(channels[1]), await second.subscribed(channels[0])].reverse();
  const publish = async (from, to) => {
    for (let n = from; n <= to; n++) await labs[n % 2].call("publish", { channel: channels[n % 2], data: n });
  };

  await publish(1, 8);
  await Promise.all([...atFirst, ...atSecond].map((subscription) => hears(subscription, 4)));
  await first.goOffline();
  await publish(9, 12);
  const entries = atFirst.map((subscription) => record(subscription, "subscribed"));
  first.centrifuge.connect();
  await until(() => entries.every((seen) => seen.length > 0), "both channels are subscribed to again");
  await publish(13, 16);
  await Promise.all([...atFirst, ...atSecond].map((subscription) => hears(subscription, 8)));

  assert.deepEqual(entries.map(([{ recovered }]) => recovered), [true, true]);
  for (const [client, [even, odd]] of [[first, atFirst], [second, atSecond]]) {
    assert.deepEqual(client.values(even.heard), [2, 4, 6, 8, 10, 12, 14, 16]);
    assert.deepEqual(client.values(odd.heard), [1, 3, 5, 7, 9, 11, 13, 15]);
  }
}

export async function invalidationAtOneNodeReachesTheSubscribersOfBothOnce(lab) {
  const labs = lab.network.nodes.map((url) => lab.at(url));
  const channel = lab.unique("stream");
  const clients = await Promise.all(labs.map((lab) => lab.connected()));
  const application = await labs[1].connected();
  const subscriptions = await Promise.all(clients.map((client) => client.subscribed(channel)));
  await labs[0].call("publish", { channel, data: 1 });
  await Promise.all(subscriptions.map((subscription) => hears(subscription, 1)));
  const causes = subscriptions.map((subscription) => record(subscription, "subscribing"));
  const entries = subscriptions.map((subscription) => record(subscription, "subscribed"));

  await invalidate(application, channel);

  await until(() => entries.every((seen) => seen.length > 0), "both have subscribed again");
  await labs[0].call("publish", { channel, data: 2 });
  await Promise.all(subscriptions.map((subscription) => hears(subscription, 2)));
  assert.deepEqual(entries.map(([{ wasRecovering, recovered }]) => [wasRecovering, recovered]), [[true, false], [true, false]]);
  assert.deepEqual(causes.map((codes) => codes.filter(({ code }) => code === 2502).length), [1, 1]);
  assert.deepEqual(clients.map((client, i) => client.values(subscriptions[i].heard)), [[1, 2], [1, 2]]);
}
