import assert from "node:assert/strict";
import { next, record, until } from "../lab.mjs";

export async function clientConnectsAndLearnsItsId(lab) {
  const one = await lab.connected();
  const other = await lab.connected({ user: one.user });

  assert.match(one.id, /^[0-9a-f-]{36}$/);
  assert.notEqual(one.id, other.id);
}

export async function clientWithoutIdentityIsTurnedAway(lab) {
  const nobody = lab.client({ anonymous: true });
  const disconnected = next(nobody.centrifuge, "disconnected");

  nobody.centrifuge.connect();

  const { code, reason } = await disconnected;
  assert.deepEqual({ code, reason }, { code: 3501, reason: "bad request" });
}

export async function connectionOutlivesSeveralPings(lab) {
  const client = await lab.connected();
  const interruptions = record(client.centrifuge, "connecting");
  const ping = (frame) => (client.protocol === "json" ? frame.toString() === "{}" : frame.equals(Buffer.of(0)));

  await until(() => client.received.filter(ping).length >= 3, "three pings have come");
  await client.centrifuge.ready();

  assert.deepEqual(interruptions, []);
}

export async function commandsOfOneFrameAreAnsweredEach(lab) {
  const client = await lab.connected();
  const channel = lab.unique("stream");
  const subscription = await client.subscribed(channel);

  client.centrifuge.startBatching();
  const first = subscription.publish(client.encode({ n: 1 }));
  const second = subscription.publish(client.encode({ n: 2 }));
  const position = subscription.history({});
  client.centrifuge.stopBatching();
  await Promise.all([first, second]);

  assert.equal((await position).offset, 2);
  await until(() => subscription.heard.length === 2, "both publications are heard");
  assert.deepEqual(client.values(subscription.heard), [{ n: 1 }, { n: 2 }]);
}

export async function forcedDisconnectEndsTheConnectionForGood(lab) {
  const client = await lab.connected();
  const bystander = await lab.connected();
  const disconnected = next(client.centrifuge, "disconnected");

  await lab.call("disconnect", { user: client.user });

  const { code, reason } = await disconnected;
  assert.deepEqual({ code, reason }, { code: 3503, reason: "force disconnect" });
  assert.equal(client.centrifuge.state, "disconnected");
  assert.equal(bystander.centrifuge.state, "connected");
}

export async function disconnectCodeOfTheApplicationLetsTheClientReconnect(lab) {
  const client = await lab.connected();
  const connecting = next(client.centrifuge, "connecting");
  const connectedAgain = next(client.centrifuge, "connected");

  await lab.call("disconnect", { user: client.user, disconnect: { code: 4000, reason: "moved" } });

  const { code, reason } = await connecting;
  assert.deepEqual({ code, reason }, { code: 4000, reason: "moved" });
  assert.notEqual((await connectedAgain).client, client.id);
}

export async function disconnectCodeOfTheApplicationEndsTheConnectionForGood(lab) {
  const client = await lab.connected();
  const disconnected = next(client.centrifuge, "disconnected");

  await lab.call("disconnect", { user: client.user, disconnect: { code: 4500, reason: "closed for today" } });

  const { code, reason } = await disconnected;
  assert.deepEqual({ code, reason }, { code: 4500, reason: "closed for today" });
}
