import assert from "node:assert/strict";
import { refusal } from "../lab.mjs";

/** A client in a channel that has kept n publications. */
async function filled(lab, n) {
  const client = await lab.connected();
  const subscription = await client.subscribed(lab.unique("stream"));
  for (let i = 1; i <= n; i++) await subscription.publish(client.encode({ i }));
  return { client, subscription, offsets: async (options) => offsets(await subscription.history(options)) };
}

const offsets = ({ publications }) => publications.map(({ offset }) => offset);

export async function historyWithoutLimitIsThePositionOnly(lab) {
  const { subscription } = await filled(lab, 3);

  const { publications, offset, epoch } = await subscription.history({});

  assert.deepEqual({ publications, offset }, { publications: [], offset: 3 });
  assert.equal(epoch, subscription.entered.streamPosition.epoch);
}

export async function historyKeepsDataAndPublisher(lab) {
  const { client, subscription } = await filled(lab, 2);

  const { publications } = await subscription.history({ limit: -1 });

  assert.deepEqual(client.values(publications), [{ i: 1 }, { i: 2 }]);
  assert.equal(publications[0].info.client, client.id);
}

export async function historyIsReadForward(lab) {
  const { subscription, offsets } = await filled(lab, 5);
  const { epoch } = await subscription.history({});

  assert.deepEqual(await offsets({ limit: 2 }), [1, 2]);
  assert.deepEqual(await offsets({ limit: 2, since: { offset: 2, epoch } }), [3, 4]);
  assert.deepEqual(await offsets({ limit: 2, since: { offset: 4, epoch } }), [5]);
  assert.deepEqual(await offsets({ limit: -1, since: { offset: 5, epoch } }), []);
}

export async function historyIsReadBackward(lab) {
  const { subscription, offsets } = await filled(lab, 5);
  const { epoch } = await subscription.history({});

  assert.deepEqual(await offsets({ limit: 2, reverse: true }), [5, 4]);
  assert.deepEqual(await offsets({ limit: -1, reverse: true, since: { offset: 4, epoch } }), [3, 2, 1]);
}

export async function historyOfAnotherEpochIsRefused(lab) {
  const { subscription } = await filled(lab, 1);

  const { code, message } = await refusal(subscription.history({ limit: 1, since: { offset: 1, epoch: "other" } }));

  assert.deepEqual({ code, message }, { code: 112, message: "unrecoverable position" });
}

export async function historyKeepsTheLatestOnly(lab) {
  const client = await lab.connected();
  const subscription = await client.subscribed(lab.unique("short"));

  for (let i = 1; i <= 5; i++) await subscription.publish(client.encode({ i }));

  assert.deepEqual(offsets(await subscription.history({ limit: -1 })), [3, 4, 5]);
}
