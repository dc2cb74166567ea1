import assert from "node:assert/strict";
import { until } from "../lab.mjs";

// Once for two nodes without a proxy, so that a scenario knows which node a client is at.

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
    return { client, subscription: await client.subscribed(channel, options) };
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
  for (const { client, subscription } of withDeltas) {
    assert.deepEqual(client.values(subscription.heard), stream);
    assert.deepEqual(subscription.heard.map(({ offset }) => offset), stream.map((_, i) => i + 1));
    const { numFullPayloads, numDeltaPayloads } = subscription.deltaStats();
    assert.deepEqual([numFullPayloads, numDeltaPayloads], [1, PUBLICATIONS - 1]);
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
