import assert from "node:assert/strict";
import { next, until } from "../lab.mjs";

const ODD = { key: "kind", cmp: "eq", val: "odd" };

/** Publishes numbers by the HTTP API, each with tags that say what it is. */
export async function publishNumbers(lab, channel, from, to) {
  for (let n = from; n <= to; n++) {
    await lab.call("publish", { channel, data: n, tags: { kind: n % 2 ? "odd" : "even", n: `${n}` } });
  }
}

export async function subscriberGetsWhatItsFilterMatches(lab) {
  const channel = lab.unique("tagged");
  const client = await lab.connected();
  const odd = await client.subscribed(channel, { tagsFilter: ODD });
  const other = await lab.connected();
  const some = await other.subscribed(channel, {
    tagsFilter: { op: "or", nodes: [{ key: "n", cmp: "in", vals: ["2", "3"] }, { key: "n", cmp: "gte", val: "6" }] },
  });

  await publishNumbers(lab, channel, 1, 7);
  await until(() => odd.heard.length >= 4 && some.heard.length >= 4, "both have heard their publications");

  assert.deepEqual(client.values(odd.heard), [1, 3, 5, 7]);
  assert.deepEqual(other.values(some.heard), [2, 3, 6, 7]);
  assert.deepEqual(odd.heard.map(({ offset }) => offset), [1, 3, 5, 7]);
}

export async function missedPublicationsAreFilteredToo(lab) {
  const channel = lab.unique("tagged");
  const client = await lab.connected();
  const odd = await client.subscribed(channel, { tagsFilter: ODD });
  await publishNumbers(lab, channel, 1, 2);
  await until(() => odd.heard.length >= 1, "the first is heard");
  await client.goOffline();
  await publishNumbers(lab, channel, 3, 6);

  const { recovered } = await client.comeBack(odd);
  await publishNumbers(lab, channel, 7, 7);
  await until(() => odd.heard.length >= 4, "all odd numbers are heard");

  assert.equal(recovered, true);
  assert.deepEqual(client.values(odd.heard), [1, 3, 5, 7]);
}

export async function badFilterIsRefused(lab) {
  const client = await lab.connected();
  const subscription = client.subscription(lab.unique("tagged"), { tagsFilter: { op: "xor", nodes: [ODD] } });
  const unsubscribed = next(subscription, "unsubscribed");
  subscription.subscribe();

  assert.equal((await unsubscribed).code, 107);
}

export async function filterIsRefusedWhereItIsNotAllowed(lab) {
  const client = await lab.connected();
  const subscription = client.subscription(lab.unique("plain"), { tagsFilter: ODD });
  const unsubscribed = next(subscription, "unsubscribed");
  subscription.subscribe();

  assert.equal((await unsubscribed).code, 107);
}
