import assert from "node:assert/strict";
import { next, record, token, until } from "../lab.mjs";
import { publishNumbers } from "./filtering.mjs";

const filter = (val) => ({ key: "kind", cmp: "eq", val });

const permission = ({ user }, channel, val) => token({ sub: user, channel, server_tags_filter: filter(val) });

/** A client may read what its token says, whatever it asks for and in whichever way it asks. */
export async function filterOfTheTokenHoldsForEveryWayToRead(lab) {
  const channel = lab.unique("tagged");
  await publishNumbers(lab, channel, 1, 4);
  const client = await lab.connected();
  const wider = { op: "or", nodes: [filter("odd"), filter("even")] };
  const limited = await client.subscribed(channel, {
    token: permission(client, channel, "odd"),
    tagsFilter: wider,
    since: { offset: 0, epoch: "" },
  });
  await until(() => limited.heard.length >= 2, "what was published before is recovered");
  await publishNumbers(lab, channel, 5, 8);
  await until(() => limited.heard.length >= 4, "live publications are heard");

  const { publications } = await limited.history({ limit: 100 });
  const backwards = await limited.history({ limit: 1, reverse: true });
  await client.goOffline();
  await publishNumbers(lab, channel, 9, 12);
  const { recovered } = await client.comeBack(limited);
  await until(() => limited.heard.length >= 6, "what was missed is recovered");

  assert.equal(recovered, true);
  assert.deepEqual(client.values(limited.heard), [1, 3, 5, 7, 9, 11]);
  assert.deepEqual(client.values(publications), [1, 3, 5, 7]);
  assert.deepEqual(backwards.publications, []);
}

/** Another permission replaces the first: what it does not match is closed, though the client had it before. */
export async function anotherTokenOpensWhatItSaysAndNoMore(lab) {
  const channel = lab.unique("tagged");
  const client = await lab.connected();
  const odd = await client.subscribed(channel, { token: permission(client, channel, "odd") });
  await publishNumbers(lab, channel, 1, 4);
  await until(() => odd.heard.length >= 2, "odd numbers are heard");
  odd.unsubscribe();
  client.centrifuge.removeSubscription(odd);

  const even = await client.subscribed(channel, {
    token: permission(client, channel, "even"),
    since: { offset: 0, epoch: "" },
  });
  await publishNumbers(lab, channel, 5, 6);
  await until(() => even.heard.length >= 3, "even numbers are heard");

  assert.deepEqual(client.values(even.heard), [2, 4, 6]);
  assert.deepEqual(client.values((await even.history({ limit: 100 })).publications), [2, 4, 6]);
}

/** In JSON the name of a compact channel is in no publication, join or leave. In Protobuf the SDK needs it. */
export async function compactChannelsAreServedByTheirNumbers(lab) {
  const channels = [lab.unique("compact"), lab.unique("compact")];
  const client = await lab.connected();
  const [first, second] = [await client.subscribed(channels[0]), await client.subscribed(channels[1])];
  const joins = record(first, "join");
  const before = client.received.length;
  const other = await lab.connected();
  const guest = await other.subscribed(channels[0]);

  for (let n = 1; n <= 20; n++) {
    await lab.call("publish", { channel: channels[n % 2], data: n });
  }
  await until(() => first.heard.length >= 10 && second.heard.length >= 10, "both have heard their publications");
  await until(() => guest.heard.length >= 10, "the guest has heard those of its channel");
  await until(() => joins.length >= 1, "the join is heard");
  const left = next(first, "leave");
  guest.unsubscribe();
  await left;

  assert.deepEqual(client.values(first.heard), [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
  assert.deepEqual(client.values(second.heard), [1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
  assert.deepEqual(other.values(guest.heard).at(-1), 20);
  assert.ok(first.heard.every(({ channel }) => channel === channels[0]));
  const frames = client.received.slice(before);
  assert.ok(frames.length >= 20);
  const named = frames.some((frame) => channels.some((channel) => frame.includes(channel)));
  assert.equal(named, client.protocol === "protobuf");
}

export async function compactChannelGoesOnAfterANewSubscriptionAndAConnection(lab) {
  const channel = lab.unique("compact");
  const client = await lab.connected();
  const subscription = await client.subscribed(channel);
  await lab.call("publish", { channel, data: 1 });
  await until(() => subscription.heard.length >= 1, "the first is heard");
  const again = next(subscription, "subscribed");
  subscription.unsubscribe();
  subscription.subscribe();
  await again;
  await lab.call("publish", { channel, data: 2 });
  await until(() => subscription.heard.length >= 2, "the second is heard");
  await client.goOffline();
  await lab.call("publish", { channel, data: 3 });

  const { recovered } = await client.comeBack(subscription);
  await lab.call("publish", { channel, data: 4 });
  await until(() => subscription.heard.length >= 4, "all are heard");

  assert.equal(recovered, true);
  assert.deepEqual(client.values(subscription.heard), [1, 2, 3, 4]);
}

export async function publisherIsLeftOutWhereNothingIsEchoed(lab) {
  const channel = lab.unique("quiet");
  const ada = await lab.connected();
  const grace = await lab.connected();
  const atAda = await ada.subscribed(channel);
  const atGrace = await grace.subscribed(channel);

  await atAda.publish(ada.encode("from Ada"));
  await atGrace.publish(grace.encode("from Grace"));
  await until(() => atAda.heard.length >= 1 && atGrace.heard.length >= 1, "each has heard the other");
  await lab.call("publish", { channel, data: "to all but Ada", except_client: ada.id });
  await lab.call("publish", { channel, data: "to all but Grace", except_user: grace.user });
  await until(() => atAda.heard.length >= 2 && atGrace.heard.length >= 2, "each has heard the server");

  assert.deepEqual(ada.values(atAda.heard), ["from Grace", "to all but Grace"]);
  assert.deepEqual(grace.values(atGrace.heard), ["from Ada", "to all but Ada"]);
}

/** The server asks for it; the SDK holds back what comes too fast and sends the newest. */
export async function burstIsPublishedAsItsFirstAndItsNewest(lab) {
  const channel = lab.unique("cursor");
  const [writer, reader] = [await lab.connected(), await lab.connected()];
  const atWriter = await writer.subscribed(channel);
  const atReader = await reader.subscribed(channel);

  await Promise.all(Array.from({ length: 30 }, (_, i) => atWriter.publish(writer.encode(i + 1))));
  await until(() => atReader.heard.length >= 2, "the first and the newest are heard");
  await lab.call("publish", { channel, data: "end" });
  await until(() => reader.values(atReader.heard).includes("end"), "the end is heard");

  assert.deepEqual(reader.values(atReader.heard), [1, 30, "end"]);
}

export async function channelWithoutHistoryHasDeltasToo(lab) {
  const channel = lab.unique("live-doc");
  const document = (n) => ({ symbol: "ACME", name: "Grüße 🌍🌎", currency: "EUR", price: n });
  const client = await lab.connected();
  const [subscription, plain] = [await client.subscribed(channel, { delta: "fossil" }), await lab.connected()];
  const atPlain = await plain.subscribed(channel);
  const publish = async (from, to) => {
    for (let n = from; n <= to; n++) await lab.call("publish", { channel, data: document(n) });
  };

  await publish(1, 5);
  await until(() => subscription.heard.length >= 5, "five are heard");
  await client.goOffline();
  await publish(6, 7); // lost to it: nothing is kept
  await client.comeBack(subscription);
  await publish(8, 10);
  await until(() => subscription.heard.length >= 8 && atPlain.heard.length >= 10, "the others are heard");

  assert.deepEqual(client.values(subscription.heard), [1, 2, 3, 4, 5, 8, 9, 10].map(document));
  assert.deepEqual(plain.values(atPlain.heard), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(document));
  const { numFullPayloads, numDeltaPayloads } = subscription.deltaStats();
  assert.deepEqual([numFullPayloads, numDeltaPayloads], [2, 6]);
}
