import assert from "node:assert/strict";
import { next, refusal } from "../lab.mjs";

// Only our server has methods in the same process, so the reference server plays none of these.

export async function callIsAnsweredByTheMethodOfItsName(lab) {
  const client = await lab.connected();

  const { data } = await client.centrifuge.rpc("sum", client.encode([1, 2, 3]));

  assert.deepEqual(client.decode(data), 6);
}

export async function callOfAnUnknownMethodIsRefused(lab) {
  const client = await lab.connected();

  const { code, message } = await refusal(client.centrifuge.rpc("absent", client.encode({})));

  assert.deepEqual({ code, message }, { code: 104, message: "method not found" });
}

export async function callWithDataOfAnotherShapeIsRefused(lab) {
  const client = await lab.connected();

  assert.equal((await refusal(client.centrifuge.rpc("sum", client.encode({ not: "a list" })))).code, 107);
}

export async function methodRefusesWithACodeOfTheApplication(lab) {
  const client = await lab.connected();

  const { code, message } = await refusal(client.centrifuge.rpc("refuse", client.encode(1234)));

  assert.deepEqual({ code, message }, { code: 1234, message: "as asked" });
}

export async function methodEndsTheConnectionForGood(lab) {
  const client = await lab.connected();
  const disconnected = next(client.centrifuge, "disconnected");

  client.centrifuge.rpc("refuse", client.encode(4567)).catch(() => {});

  const { code, reason } = await disconnected;
  assert.deepEqual({ code, reason }, { code: 4567, reason: "as asked" });
}

export async function resultOfASubscribeMethodComesWithTheSubscription(lab) {
  const client = await lab.connected();

  const { entered } = await client.subscribed("handled:bob");

  assert.deepEqual(client.decode(entered.data), { welcome: "bob" });
}

export async function publishMethodChangesWhatIsPublished(lab) {
  const client = await lab.connected();
  const subscription = await client.subscribed(lab.unique("handled"));
  const publication = next(subscription, "publication");

  await subscription.publish(client.encode({ text: "hey" }));

  assert.deepEqual(client.decode((await publication).data), { text: "hey!" });
}

export async function publishMethodNeverSeesDataThatViolatesItsConstraints(lab) {
  const client = await lab.connected();
  const subscription = await client.subscribed(lab.unique("handled"));

  assert.equal((await refusal(subscription.publish(client.encode({ text: " " })))).code, 107);
}

export async function feedComesInOrderUntilTheSubscriberLeaves(lab) {
  const client = await lab.connected();
  const subscription = client.subscription(lab.unique("fed"));
  const heard = [];
  const fifth = new Promise((resolve) => {
    subscription.on("publication", ({ data }) => heard.push(client.decode(data)) === 5 && resolve());
  });
  subscription.subscribe();
  await fifth;

  const unsubscribed = next(subscription, "unsubscribed");
  subscription.unsubscribe();
  await unsubscribed;

  assert.deepEqual(heard.slice(0, 5), [...heard.slice(0, 5)].sort((one, other) => one - other));
}

export async function feedThatEndsEndsTheSubscription(lab) {
  const client = await lab.connected();
  const subscription = client.subscription("fed:short-one");
  const heard = [];
  subscription.on("publication", ({ data }) => heard.push(client.decode(data)));
  const unsubscribed = next(subscription, "unsubscribed");

  subscription.subscribe();

  const { code, reason } = await unsubscribed;
  assert.deepEqual({ code, reason, heard }, { code: 2000, reason: "server unsubscribe", heard: ["tick", "tock"] });
}
