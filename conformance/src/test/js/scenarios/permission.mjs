import assert from "node:assert/strict";
import { next, refusal } from "../lab.mjs";

/** How the server refuses a subscription. */
async function refusedSubscription(lab, channel) {
  const client = await lab.connected();
  const subscription = client.subscription(channel);
  const unsubscribed = next(subscription, "unsubscribed");
  subscription.subscribe();
  const { code, reason } = await unsubscribed;
  return { code, reason };
}

export async function unknownNamespaceIsRefused(lab) {
  assert.deepEqual(await refusedSubscription(lab, "nosuch:channel"), { code: 102, reason: "unknown channel" });
}

export async function closedNamespaceIsRefused(lab) {
  assert.deepEqual(await refusedSubscription(lab, "closed:channel"), { code: 103, reason: "permission denied" });
}

export async function channelNameThatIsNotAsciiIsRefused(lab) {
  assert.deepEqual(await refusedSubscription(lab, "plain:größe"), { code: 107, reason: "bad request" });
}

export async function whatTheNamespaceLacksIsNotAvailable(lab) {
  const client = await lab.connected();
  const subscription = await client.subscribed(lab.unique("plain"));

  const calls = [
    () => subscription.presence(),
    () => subscription.presenceStats(),
    () => subscription.history({ limit: 1 }),
  ];
  for (const call of calls) {
    const { code, message } = await refusal(call());
    assert.deepEqual({ code, message }, { code: 108, message: "not available" });
  }
}

export async function presenceAndHistoryAreForSubscribers(lab) {
  const outsider = await lab.connected();

  assert.equal((await refusal(outsider.centrifuge.presence(lab.unique("here")))).code, 103);
  assert.equal((await refusal(outsider.centrifuge.history(lab.unique("stream"), { limit: 1 }))).code, 103);
}

export async function whoMayReadHistoryMayAskForRecovery(lab) {
  const client = await lab.connected();

  const plain = await client.subscribed(lab.unique("kept"));
  const positioned = await client.subscribed(lab.unique("kept"), { positioned: true });
  const recoverable = await client.subscribed(lab.unique("kept"), { recoverable: true });

  const granted = ({ entered }) => ({ positioned: entered.positioned, recoverable: entered.recoverable });
  assert.deepEqual(granted(plain), { positioned: false, recoverable: false });
  assert.deepEqual(granted(positioned), { positioned: true, recoverable: false });
  assert.deepEqual(granted(recoverable), { positioned: true, recoverable: true });
}

export async function publishingIntoAnUnknownNamespaceIsRefused(lab) {
  const client = await lab.connected();

  const { code, message } = await refusal(client.centrifuge.publish("nosuch:channel", client.encode({})));

  assert.deepEqual({ code, message }, { code: 102, message: "unknown channel" });
}

export async function channelTheServerSubscribedIsSubscribedAlready(lab) {
  const channel = lab.unique("stream");
  const client = await lab.connected({ subs: [channel] });
  const subscription = client.subscription(channel);
  const unsubscribed = next(subscription, "unsubscribed");

  subscription.subscribe();

  assert.equal((await unsubscribed).code, 105);
}
