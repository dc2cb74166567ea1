import assert from "node:assert/strict";
import { refusal, until } from "../lab.mjs";

const FORTY_KILOBYTES = "x".repeat(40_000);

export async function publicationsReachEverySubscriberInOrder(lab) {
  const ada = await lab.connected({ info: { name: "Ada" } });
  const grace = await lab.connected({ info: { name: "Grace" } });
  const channel = lab.unique("plain");
  const atAda = await ada.subscribed(channel);
  const atGrace = await grace.subscribed(channel);
  const expected = Array.from({ length: 50 }, (_, n) => ({ n }));

  for (const value of expected) await atAda.publish(ada.encode(value));

  for (const [client, { heard }] of [[ada, atAda], [grace, atGrace]]) {
    await until(() => heard.length >= expected.length, "all publications are heard");
    assert.deepEqual(client.values(heard), expected);
    assert.equal(heard[0].info.user, ada.user);
    assert.equal(heard[0].info.client, ada.id);
    assert.deepEqual(client.decode(heard[0].info.connInfo), { name: "Ada" });
  }
}

export async function bothSidesHearEachOther(lab) {
  const ada = await lab.connected();
  const grace = await lab.connected();
  const channel = lab.unique("plain");
  const atAda = await ada.subscribed(channel);
  const atGrace = await grace.subscribed(channel);

  await atAda.publish(ada.encode("hello Grace"));
  await until(() => atGrace.heard.length === 1, "Grace heard Ada");
  await atGrace.publish(grace.encode("hello Ada"));
  await until(() => atAda.heard.length === 2 && atGrace.heard.length === 2, "both heard Grace");

  assert.deepEqual(ada.values(atAda.heard), ["hello Grace", "hello Ada"]);
  assert.deepEqual(grace.values(atGrace.heard), ["hello Grace", "hello Ada"]);
}

export async function dataOfEveryKindArrivesAsItWasSent(lab) {
  const client = await lab.connected();
  const subscription = await client.subscribed(lab.unique("plain"));
  const values = [
    { text: "Grüße, 世界, مرحبا", emoji: "👩‍🚀🎉", quote: '"\\/\n\t\u0000\u2028' },
    { id: "9007199254740993123456789", small: 1e-7, big: 9007199254740991, negative: -0.5 },
    { nested: [[], {}, [{ deep: [1, [2, [3]]] }], null, true, false, ""] },
    ["a", 1, null],
    "just text",
    "",
    0,
    false,
    { long: FORTY_KILOBYTES },
  ];

  for (const value of values) await subscription.publish(client.encode(value));

  await until(() => subscription.heard.length === values.length, "everything is heard");
  assert.deepEqual(client.values(subscription.heard), values);
}

/** Protobuf carries the bytes as they are; the number is one no JSON parser of JavaScript keeps. */
export async function bytesAreTheSameInEitherEncoding(lab) {
  const bytes = '{ "b":9007199254740993123,"a":1.50, "a":"\\u00e9\\/" ,"e":1E+2}';
  const sender = await lab.connected({ protocol: "protobuf" });
  const receiver = await lab.connected();
  const channel = lab.unique("stream");
  const atSender = await sender.subscribed(channel);
  const atReceiver = await receiver.subscribed(channel);

  await atSender.publish(Buffer.from(bytes));
  await until(() => atReceiver.heard.length === 1, "the publication is heard");
  await atReceiver.history({ limit: 1 });

  const [push, reply] = receiver.received.filter((frame) => frame.length > "{}".length).slice(-2);
  for (const frame of [push, reply]) assert.ok(frame.includes(bytes), `the bytes changed on the way: ${frame}`);
}

export async function publicationOfTheApplicationNamesNoClient(lab) {
  const client = await lab.connected();
  const channel = lab.unique("stream");
  const subscription = await client.subscribed(channel);

  await lab.call("publish", { channel, data: { from: "the application" } });

  await until(() => subscription.heard.length === 1, "the publication is heard");
  const [publication] = subscription.heard;
  assert.deepEqual(client.decode(publication.data), { from: "the application" });
  assert.equal(publication.info, undefined);
  assert.equal(publication.offset, 1);
}

export async function nothingIsHeardAfterUnsubscribing(lab) {
  const ada = await lab.connected();
  const grace = await lab.connected();
  const channel = lab.unique("plain");
  const atAda = await ada.subscribed(channel);
  const atGrace = await grace.subscribed(channel);

  atAda.unsubscribe();
  const witness = await ada.subscribed(lab.unique("plain"));
  await atGrace.publish(grace.encode("gone?"));
  await until(() => atGrace.heard.length === 1, "Grace hears herself");
  await witness.publish(ada.encode("here"));
  await until(() => witness.heard.length === 1, "Ada hears what comes later elsewhere");

  assert.deepEqual(atAda.heard, []);
  assert.equal(atAda.state, "unsubscribed");
}

export async function onlySubscribersMayPublish(lab) {
  const client = await lab.connected();

  const { code } = await refusal(client.centrifuge.publish(lab.unique("plain"), client.encode({})));

  assert.equal(code, 103);
}
