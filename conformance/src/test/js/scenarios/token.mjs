import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { inSeconds, next, pause, record, token, until } from "../lab.mjs";

/** Gives a token that ends soon, then one that does not, and counts. */
function tokens(user, claims = {}) {
  const given = [];
  const get = async () => {
    given.push(token({ sub: user, exp: inSeconds(given.length === 0 ? 2 : 600), ...claims }));
    return given.at(-1);
  };
  return { given, get };
}

export async function tokenIsFetchedAndRefreshedBeforeTheConnectionEnds(lab) {
  const user = randomUUID();
  const { given, get } = tokens(user);
  const client = await lab.connected({ user, token: "", getToken: get });
  const changes = record(client.centrifuge, "state");
  const disconnected = record(client.centrifuge, "disconnected");

  await until(() => given.length === 2, "another token was fetched");
  await pause(500);

  assert.equal(client.centrifuge.state, "connected");
  assert.deepEqual([changes.length, disconnected.length], [0, 0]);
  assert.equal(client.connections.length, 1);
}

export async function expiredTokenIsReplacedOnConnecting(lab) {
  const user = randomUUID();
  const given = [];
  const getToken = async () => {
    given.push(token({ sub: user }));
    return given.at(-1);
  };

  const client = await lab.connected({ user, token: token({ sub: user, exp: inSeconds(-5) }), getToken });

  assert.equal(given.length, 1);
  assert.equal(client.centrifuge.state, "connected");
}

export async function badTokenEndsTheConnectionForGood(lab) {
  for (const bad of ["garbage", token({ sub: "alice" }, "another secret"), token({ sub: 7 })]) {
    const client = lab.client({ token: bad });
    const disconnected = next(client.centrifuge, "disconnected");
    client.centrifuge.connect();

    assert.equal((await disconnected).code, 3500);
  }
}

export async function tokenOfAnotherUserIsRefusedOnRefresh(lab) {
  const user = randomUUID();
  const client = lab.client({
    user,
    token: token({ sub: user, exp: inSeconds(2) }),
    getToken: async () => token({ sub: "somebody else" }),
  });
  const disconnected = next(client.centrifuge, "disconnected");
  client.centrifuge.connect();

  assert.equal((await disconnected).code, 3500);
}

export async function subscriptionTokenOpensAPrivateChannelAndIsRefreshed(lab) {
  const client = await lab.connected();
  const channel = `$${lab.unique("stream")}`;
  const { given, get } = tokens(client.user, { channel, info: { seat: 1 } });
  const subscription = await client.subscribed(channel, { getToken: get });
  const left = record(subscription, "unsubscribed");

  await until(() => given.length === 2, "another token was fetched");
  await lab.call("publish", { channel, data: { n: 1 } });
  await until(() => subscription.heard.length === 1, "the publication is heard");

  assert.equal(subscription.state, "subscribed");
  assert.equal(left.length, 0);
}

export async function expiredSubscriptionTokenIsReplaced(lab) {
  const client = await lab.connected();
  const channel = lab.unique("closed");
  const claims = { sub: client.user, channel };
  let fetched = 0;

  const subscription = await client.subscribed(channel, {
    token: token({ ...claims, exp: inSeconds(-5) }),
    getToken: async () => {
      fetched++;
      return token(claims);
    },
  });

  assert.equal(fetched, 1);
  assert.equal(subscription.state, "subscribed");
}

export async function expiredTokenOnRefreshOfASubscriptionEndsSubscribedAgain(lab) {
  const client = await lab.connected();
  const channel = lab.unique("closed");
  const lives = [2, -5, 600];
  const given = [];
  const subscription = await client.subscribed(channel, {
    getToken: async () => {
      given.push(token({ sub: client.user, channel, exp: inSeconds(lives[Math.min(given.length, 2)]) }));
      return given.at(-1);
    },
  });
  const left = record(subscription, "unsubscribed");

  await until(() => given.length >= 2, "the expired token was fetched");
  await pause(500);
  await until(() => subscription.state === "subscribed", "it is subscribed again");
  await lab.call("publish", { channel, data: { n: 1 } });
  await until(() => subscription.heard.length === 1, "the publication is heard");

  assert.equal(left.length, 0);
}

export async function badSubscriptionTokenIsDenied(lab) {
  const client = await lab.connected();
  const channel = lab.unique("plain");
  const subscription = client.subscription(channel, {
    token: token({ sub: client.user, channel }, "another secret"),
  });
  const unsubscribed = next(subscription, "unsubscribed");
  subscription.subscribe();

  assert.equal((await unsubscribed).code, 103);
  assert.equal(client.centrifuge.state, "connected");
}

export async function subscriptionTokenOfAnotherUserEndsTheConnection(lab) {
  const client = await lab.connected();
  const channel = lab.unique("closed");
  const disconnected = next(client.centrifuge, "disconnected");
  client.subscription(channel, { token: token({ sub: "somebody else", channel }) }).subscribe();

  assert.equal((await disconnected).code, 3500);
}
