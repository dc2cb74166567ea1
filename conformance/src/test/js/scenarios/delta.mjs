import assert from "node:assert/strict";
import { next, until } from "../lab.mjs";

const DELTA = { delta: "fossil" };

/** A document of which little depends on the number; with emoji, so that a patch could split a character. */
const document = (n) => ({
  symbol: "ACME",
  name: "Grüße 🌍🌎",
  mood: ["🌍", "🌎", "🌏"][n % 3],
  price: n,
  currency: "EUR",
  bid: { price: n - 1, size: 100 },
});

const upTo = (n, from = 1) => Array.from({ length: n - from + 1 }, (_, i) => i + from);

const documents = (to, from = 1) => upTo(to, from).map(document);

/** A channel of documents that the application publishes one after the other. */
function feed(lab, namespace = "doc") {
  const channel = lab.unique(namespace);
  let published = 0;
  const publish = async (count, options) => {
    for (let i = 0; i < count; i++) await lab.call("publish", { channel, data: document(++published), ...options });
  };
  return { channel, publish };
}

const hears = ({ heard }, count) => until(() => heard.length >= count, `${count} publications are heard`);

/** How many publications were sent whole, and how many as a patch. */
function sent(subscription) {
  const { numFullPayloads: whole, numDeltaPayloads: patches } = subscription.deltaStats();
  return { whole, patches };
}

export async function patchesArriveAsWholeData(lab) {
  const { channel, publish } = feed(lab);
  const [early, late] = [await lab.connected(), await lab.connected()];

  const atEarly = await early.subscribed(channel, DELTA);
  await publish(10);
  const atLate = await late.subscribed(channel, DELTA);
  await publish(10);
  await Promise.all([hears(atEarly, 20), hears(atLate, 10)]);

  assert.deepEqual(early.values(atEarly.heard), documents(20));
  assert.deepEqual(late.values(atLate.heard), documents(20, 11));
  assert.deepEqual(atEarly.heard.map(({ offset }) => offset), upTo(20));
  assert.deepEqual(sent(atEarly), { whole: 1, patches: 19 });
  assert.deepEqual(sent(atLate), { whole: 1, patches: 9 });
  const { bytesReceived, bytesDecoded } = atEarly.deltaStats();
  assert.ok(bytesReceived < bytesDecoded / 2, `${bytesReceived} bytes for ${bytesDecoded}`);
}

export async function subscribersWithAndWithoutDeltasHearTheSame(lab) {
  const { channel, publish } = feed(lab);
  const heard = async (protocol, options) => {
    const client = await lab.connected({ protocol });
    const subscription = await client.subscribed(channel, options);
    return { subscription, values: () => client.values(subscription.heard) };
  };
  const all = await Promise.all(
    ["json", "protobuf"].flatMap((protocol) => [heard(protocol, DELTA), heard(protocol), heard(protocol, DELTA)]),
  );

  await publish(10);
  await Promise.all(all.map(({ subscription }) => hears(subscription, 10)));

  for (const { values } of all) assert.deepEqual(values(), documents(10));
  for (const i of [0, 2, 3, 5]) assert.deepEqual(sent(all[i].subscription), { whole: 1, patches: 9 });
}

export async function missedPublicationsArePatchesToo(lab) {
  const { channel, publish } = feed(lab);
  const client = await lab.connected();
  const subscription = await client.subscribed(channel, DELTA);
  await publish(3);
  await hears(subscription, 3);
  await client.goOffline();
  await publish(10);

  const { recovered } = await client.comeBack(subscription);
  await publish(3);
  await hears(subscription, 16);

  assert.equal(recovered, true);
  assert.deepEqual(client.values(subscription.heard), documents(16));
  assert.ok(sent(subscription).patches >= 2 + 9 + 2, "patches before, in and after what was missed");
}

export async function documentsStayWholeWhenConnectionsAreCut(lab) {
  const { channel, publish } = feed(lab);
  const client = await lab.connected();
  const subscription = await client.subscribed(channel, DELTA);

  for (const round of upTo(3)) {
    const subscribed = next(subscription, "subscribed");
    client.connections.at(-1).cut();
    await publish(5);
    assert.equal((await subscribed).recovered, true);
    await hears(subscription, 5 * round);
  }
  await publish(5);
  await hears(subscription, 20);

  assert.deepEqual(client.values(subscription.heard), documents(20));
}

/** Live, held back and recovered publications meet in every order. */
export async function documentsStayWholeWhileTheClientComesAndGoes(lab) {
  const { channel, publish } = feed(lab);
  const client = await lab.connected();
  const subscription = await client.subscribed(channel, DELTA);
  const publishing = publish(90);

  for (let round = 1; round <= 4; round++) {
    await hears(subscription, round * 15);
    await client.goOffline();
    await client.comeBack(subscription);
  }
  await publishing;
  await hears(subscription, 90);

  assert.deepEqual(client.values(subscription.heard), documents(90));
}

/** The other subscriber stays, so that the server knows what the latest publication was. */
export async function latestPublicationOfACacheIsWhatTheNextPatchIsFor(lab) {
  const { channel, publish } = feed(lab, "latest-doc");
  const [client, other] = [await lab.connected(), await lab.connected()];
  const subscription = await client.subscribed(channel, DELTA);
  const atOther = await other.subscribed(channel, DELTA);
  await publish(3);
  await hears(subscription, 3);
  await client.goOffline();
  await publish(2);
  await hears(atOther, 5);

  const { recovered } = await client.comeBack(subscription);
  await hears(subscription, 4);
  await publish(2);
  await Promise.all([hears(subscription, 6), hears(atOther, 7)]);

  assert.equal(recovered, true);
  assert.deepEqual(client.values(subscription.heard), [1, 2, 3, 5, 6, 7].map(document));
  assert.deepEqual(other.values(atOther.heard), documents(7));
  assert.deepEqual(sent(subscription), { whole: 2, patches: 4 });
  assert.deepEqual(sent(atOther), { whole: 1, patches: 6 });
}

export async function onlyPublicationsThatAskForItArePatches(lab) {
  const { channel, publish } = feed(lab, "asked-doc");
  const client = await lab.connected();
  const subscription = await client.subscribed(channel, DELTA);

  await publish(3);
  await publish(2, { delta: true });
  await hears(subscription, 5);

  assert.deepEqual(client.values(subscription.heard), documents(5));
  assert.deepEqual(sent(subscription), { whole: 3, patches: 2 });
}

export async function namespaceThatAllowsNoDeltasSendsWholeData(lab) {
  const { channel, publish } = feed(lab, "stream");
  const client = await lab.connected();
  const subscription = await client.subscribed(channel, DELTA);

  await publish(2, { delta: true });
  await hears(subscription, 2);

  assert.deepEqual(client.values(subscription.heard), documents(2));
  assert.deepEqual(sent(subscription), { whole: 0, patches: 0 }); // counted only where deltas are agreed on
}
