import assert from "node:assert/strict";
import { next, record, until } from "../lab.mjs";

// What only our server offers: state that the application declares outdated, and caches that it fills.

/** Tells the server, through any of its nodes, that what the subscribers of a channel know is outdated. */
export async function invalidate(client, channel) {
  await client.centrifuge.rpc("invalidate", client.encode(channel));
}

export async function invalidatedChannelIsSubscribedToAgainWithoutItsPosition(lab) {
  const [channel, other] = [lab.unique("stream"), lab.unique("stream")];
  const client = await lab.connected();
  const [subscription, untouched] = [await client.subscribed(channel), await client.subscribed(other)];
  await lab.call("publish", { channel, data: 1 });
  await until(() => subscription.heard.length === 1, "the first is heard");
  const causes = record(subscription, "subscribing");
  const others = record(untouched, "subscribing");
  const again = next(subscription, "subscribed");

  await invalidate(client, channel);

  const { wasRecovering, recovered, streamPosition } = await again;
  await lab.call("publish", { channel, data: 2 });
  await until(() => subscription.heard.length === 2, "the second is heard");
  assert.deepEqual(causes.map(({ code, reason }) => [code, reason]), [[2502, "state invalidated"]]);
  assert.deepEqual([wasRecovering, recovered, streamPosition.offset], [true, false, 1]);
  assert.deepEqual(client.values(subscription.heard), [1, 2]);
  assert.deepEqual(others, []);
}

export async function stateOfAnInvalidatedChannelIsLoadedAgain(lab) {
  const channel = lab.unique("stream");
  const writer = await lab.connected();
  const atWriter = await writer.subscribed(channel);
  const reader = await lab.connected();
  const loaded = [];
  const getState = async () => {
    const { offset, epoch } = await atWriter.history({ limit: 0 });
    loaded.push(offset);
    return { offset, epoch };
  };
  const subscription = await reader.subscribed(channel, { getState });
  await lab.call("publish", { channel, data: 1 });
  await until(() => subscription.heard.length === 1, "the first is heard");
  const again = next(subscription, "subscribed");

  await invalidate(writer, channel);

  await again;
  await lab.call("publish", { channel, data: 2 });
  await until(() => subscription.heard.length === 2, "the second is heard");
  assert.deepEqual(loaded, [0, 1]);
  assert.deepEqual(reader.values(subscription.heard), [1, 2]);
}

export async function connectionWhoseServerSideChannelIsInvalidatedConnectsAgain(lab) {
  const channel = lab.unique("stream");
  const client = await lab.connected({ subs: [channel] });
  const heard = record(client.centrifuge, "publication");
  await lab.call("publish", { channel, data: 1 });
  await until(() => heard.length === 1, "the first is heard");
  const causes = record(client.centrifuge, "connecting");
  const again = next(client.centrifuge, "subscribed");

  invalidate(client, channel).catch(() => {}); // its reply may come too late

  const { recovered } = await again;
  await lab.call("publish", { channel, data: 2 });
  await until(() => heard.length === 2, "the second is heard");
  assert.deepEqual(causes.map(({ code }) => code), [3014]);
  assert.equal(recovered, false);
  assert.deepEqual(client.values(heard), [1, 2]);
}

/** The method counts its calls. */
export async function emptyCacheIsFilledOnceForAllWhoAsk(lab) {
  const channel = lab.unique("filled");
  const clients = await Promise.all(Array.from({ length: 8 }, () => lab.connected()));

  const subscriptions = await Promise.all(clients.map((client) => client.subscribed(channel)));
  await until(() => subscriptions.every(({ heard }) => heard.length >= 1), "all have heard the state");
  const late = await lab.connected();
  const atLate = await late.subscribed(channel);
  await until(() => atLate.heard.length >= 1, "the late one has heard the state");
  await lab.call("publish", { channel, data: { calls: "no more" } });
  await until(() => [...subscriptions, atLate].every(({ heard }) => heard.length >= 2), "all have heard the next");

  const all = [...clients.keys()].map((i) => clients[i].values(subscriptions[i].heard));
  for (const values of [...all, late.values(atLate.heard)]) {
    assert.deepEqual(values, [{ calls: 1 }, { calls: "no more" }]);
  }
}

/** Without the callback there is nothing to recover. */
export async function cacheWithoutStateLeavesItsSubscriberWithoutPublications(lab) {
  const channel = lab.unique("filled:nothing");
  const client = await lab.connected();

  const subscription = await client.subscribed(channel);
  await lab.call("publish", { channel, data: 1 });
  await until(() => subscription.heard.length === 1, "the first is heard");

  assert.equal(subscription.entered.recovered, false);
  assert.deepEqual(client.values(subscription.heard), [1]);
}
