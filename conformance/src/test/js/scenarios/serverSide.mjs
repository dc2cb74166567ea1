import assert from "node:assert/strict";
import { next, record, until } from "../lab.mjs";

export async function grantedChannelIsSubscribedOnConnecting(lab) {
  const channel = lab.unique("stream");
  const client = lab.client({ subs: [channel] });
  const subscribed = next(client.centrifuge, "subscribed");
  const heard = record(client.centrifuge, "publication");

  client.centrifuge.connect();
  const entered = await subscribed;
  await lab.call("publish", { channel, data: { n: 1 } });
  await until(() => heard.length === 1, "the publication is heard");

  assert.deepEqual([entered.channel, entered.recoverable, entered.positioned], [channel, true, true]);
  assert.equal(heard[0].channel, channel);
  assert.deepEqual(client.values(heard), [{ n: 1 }]);
}

export async function grantedChannelRecovers(lab) {
  const channel = lab.unique("stream");
  const client = await lab.connected({ subs: [channel] });
  const heard = record(client.centrifuge, "publication");
  await lab.call("publish", { channel, data: 1 });
  await until(() => heard.length === 1, "the first publication is heard");
  await client.goOffline();
  await lab.call("publish", { channel, data: 2 });
  await lab.call("publish", { channel, data: 3 });

  const entered = await client.comeBack(client.centrifuge);
  await until(() => heard.length === 3, "what was missed is heard");

  assert.equal(entered.recovered, true);
  assert.deepEqual(client.values(heard), [1, 2, 3]);
}

export async function applicationSubscribesAndUnsubscribesAConnectedUser(lab) {
  const channel = lab.unique("stream");
  const client = await lab.connected();
  const heard = record(client.centrifuge, "publication");

  const subscribed = next(client.centrifuge, "subscribed");
  await lab.call("subscribe", { user: client.user, channel });
  assert.equal((await subscribed).channel, channel);

  await lab.call("publish", { channel, data: "in" });
  await until(() => heard.length === 1, "the publication is heard");

  const unsubscribed = next(client.centrifuge, "unsubscribed");
  await lab.call("unsubscribe", { user: client.user, channel });
  assert.equal((await unsubscribed).channel, channel);

  await lab.call("publish", { channel, data: "out" });
  const witness = await client.subscribed(lab.unique("plain"));
  assert.equal(witness.state, "subscribed");
  assert.deepEqual(client.values(heard), ["in"]);
}

export async function applicationEndsASubscriptionOfTheClient(lab) {
  const channel = lab.unique("stream");
  const client = await lab.connected();
  const subscription = await client.subscribed(channel);
  const unsubscribed = next(subscription, "unsubscribed");

  await lab.call("unsubscribe", { user: client.user, channel });

  const { code, reason } = await unsubscribed;
  assert.deepEqual({ code, reason }, { code: 2000, reason: "server unsubscribe" });
  assert.equal(subscription.state, "unsubscribed");
}
