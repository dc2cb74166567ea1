import assert from "node:assert/strict";
import { record, until } from "../lab.mjs";

export async function presenceNamesEveryClient(lab) {
  const ada = await lab.connected({ info: { name: "Ada" } });
  const grace = await lab.connected();
  const channel = lab.unique("here");
  const atAda = await ada.subscribed(channel);
  await grace.subscribed(channel);

  const { clients } = await atAda.presence();

  assert.deepEqual(Object.keys(clients).sort(), [ada.id, grace.id].sort());
  assert.equal(clients[ada.id].user, ada.user);
  assert.equal(clients[ada.id].client, ada.id);
  assert.deepEqual(ada.decode(clients[ada.id].connInfo), { name: "Ada" });
  assert.equal(clients[grace.id].user, grace.user);
}

export async function presenceStatsCountClientsAndUsers(lab) {
  const channel = lab.unique("here");
  const first = await lab.connected({ user: "twice" });
  const second = await lab.connected({ user: "twice" });
  const third = await lab.connected({ user: "once" });
  const subscription = await first.subscribed(channel);
  await second.subscribed(channel);
  const leaving = await third.subscribed(channel);

  assert.deepEqual(await subscription.presenceStats(), { numClients: 3, numUsers: 2 });

  leaving.unsubscribe();
  await third.subscribed(lab.unique("plain"));

  assert.deepEqual(await subscription.presenceStats(), { numClients: 2, numUsers: 1 });
}

export async function joinsAndLeavesReachWhoAskedForThem(lab) {
  const channel = lab.unique("here");
  const watcher = await lab.connected();
  const deaf = await lab.connected();
  const watching = watcher.subscription(channel, { joinLeave: true });
  const joins = record(watching, "join");
  const leaves = record(watching, "leave");

  watching.subscribe();
  await until(() => joins.length === 1, "the watcher sees itself join");
  const deafSubscription = await deaf.subscribed(channel);
  const heardByTheDeaf = record(deafSubscription, "join");
  const visitor = await lab.connected({ info: { name: "Visitor" } });
  const visit = await visitor.subscribed(channel);
  await until(() => joins.length === 3, "both others joined");
  visit.unsubscribe();
  await until(() => leaves.length === 1, "the visitor left");
  await deaf.goOffline();
  await until(() => leaves.length === 2, "the one who disconnected left");

  assert.deepEqual(joins.map(({ info }) => info.client), [watcher.id, deaf.id, visitor.id]);
  assert.deepEqual(leaves.map(({ info }) => info.client), [visitor.id, deaf.id]);
  assert.deepEqual(visitor.decode(joins[2].info.connInfo), { name: "Visitor" });
  assert.deepEqual(heardByTheDeaf, []);
}

export async function clientWhoseSocketBreaksLeaves(lab) {
  const channel = lab.unique("here");
  const watcher = await lab.connected();
  const watching = await watcher.subscribed(channel, { joinLeave: true });
  const leaves = record(watching, "leave");
  const victim = await lab.connected();
  await victim.subscribed(channel);

  victim.connections[0].cut();

  await until(() => leaves.length === 1, "the leave is pushed");
  assert.equal(leaves[0].info.client, victim.id);
}
