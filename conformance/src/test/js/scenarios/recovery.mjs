import assert from "node:assert/strict";
import { next, record, until } from "../lab.mjs";

/** Two clients in one channel: one who writes and one who comes and goes. */
async function pair(lab, namespace) {
  const channel = lab.unique(namespace);
  const writer = await lab.connected();
  const reader = await lab.connected();
  const atWriter = await writer.subscribed(channel);
  const atReader = await reader.subscribed(channel);
  let written = 0;
  const write = async (count) => {
    for (let i = 0; i < count; i++) await atWriter.publish(writer.encode(++written));
  };
  const heard = () => reader.values(atReader.heard);
  const hears = (count) => until(() => atReader.heard.length >= count, `${count} publications are heard`);
  return { channel, reader, atReader, write, heard, hears };
}

const upTo = (n) => Array.from({ length: n }, (_, i) => i + 1);

export async function missedPublicationsArriveOnceAndInOrder(lab) {
  const { reader, atReader, write, heard, hears } = await pair(lab, "stream");
  await write(3);
  await hears(3);
  await reader.goOffline();
  await write(20);

  const { wasRecovering, recovered } = await reader.comeBack(atReader);
  await write(3);
  await hears(26);

  assert.deepEqual({ wasRecovering, recovered }, { wasRecovering: true, recovered: true });
  assert.deepEqual(heard(), upTo(26));
  assert.deepEqual(atReader.heard.map(({ offset }) => offset), upTo(26));
}

export async function nothingMissedIsRecoveredToo(lab) {
  const { reader, atReader, write, heard, hears } = await pair(lab, "stream");
  await write(2);
  await hears(2);
  await reader.goOffline();

  const { recovered, hasRecoveredPublications } = await reader.comeBack(atReader);
  await write(1);
  await hears(3);

  assert.deepEqual({ recovered, hasRecoveredPublications }, { recovered: true, hasRecoveredPublications: false });
  assert.deepEqual(heard(), upTo(3));
}

export async function brokenSocketIsRecoveredFromUnasked(lab) {
  const { reader, atReader, write, heard, hears } = await pair(lab, "stream");
  await write(1);
  await hears(1);
  const subscribed = next(atReader, "subscribed");

  reader.connections.at(-1).cut();
  await write(5);

  assert.equal((await subscribed).recovered, true);
  await hears(6);
  assert.deepEqual(heard(), upTo(6));
}

/** Comes and goes while somebody keeps writing: live and recovered publications meet in every order. */
export async function nothingIsLostOrDoubledWhileWritingGoesOn(lab) {
  const { reader, atReader, write, heard, hears } = await pair(lab, "stream");
  const entries = record(atReader, "subscribed");
  const writing = write(300);

  for (let round = 1; round <= 8; round++) {
    await hears(round * 20);
    await reader.goOffline();
    await reader.comeBack(atReader);
  }
  await writing;
  await hears(300);

  assert.deepEqual(heard(), upTo(300));
  assert.deepEqual(entries.map(({ recovered }) => recovered), Array(8).fill(true));
}

export async function publicationsBeyondHistoryAreNotRecovered(lab) {
  const { reader, atReader, write, heard, hears } = await pair(lab, "short");
  await write(1);
  await hears(1);
  await reader.goOffline();
  await write(5);

  const { wasRecovering, recovered, streamPosition } = await reader.comeBack(atReader);
  await write(1);
  await hears(2);

  assert.deepEqual({ wasRecovering, recovered }, { wasRecovering: true, recovered: false });
  assert.equal(streamPosition.offset, 6);
  assert.deepEqual(heard(), [1, 7]);
}

export async function removedHistoryIsNotRecovered(lab) {
  const { channel, reader, atReader, write, heard, hears } = await pair(lab, "stream");
  await write(1);
  await hears(1);
  await reader.goOffline();
  await write(2);
  await lab.call("history_remove", { channel });

  const { wasRecovering, recovered } = await reader.comeBack(atReader);

  assert.deepEqual({ wasRecovering, recovered }, { wasRecovering: true, recovered: false });
  assert.deepEqual(heard(), [1]);
}

export async function savedPositionIsRecoveredFrom(lab) {
  const { channel, atReader, write, hears } = await pair(lab, "stream");
  await write(4);
  await hears(4);
  const { epoch } = atReader.entered.streamPosition;
  const late = await lab.connected();

  const subscription = await late.subscribed(channel, { since: { offset: 2, epoch } });
  await until(() => subscription.heard.length === 2, "what came after the position is heard");

  assert.equal(subscription.entered.recovered, true);
  assert.deepEqual(late.values(subscription.heard), [3, 4]);
}

export async function positionOfAnotherEpochIsNotRecoveredFrom(lab) {
  const { channel, write, hears } = await pair(lab, "stream");
  await write(2);
  await hears(2);
  const late = await lab.connected();

  const { entered, heard } = await late.subscribed(channel, { since: { offset: 1, epoch: "other" } });

  assert.deepEqual([entered.wasRecovering, entered.recovered], [true, false]);
  assert.equal(entered.streamPosition.offset, 2);
  assert.deepEqual(heard, []);
}

export async function cacheChannelDeliversTheLatestOnly(lab) {
  const { channel, reader, atReader, write, hears } = await pair(lab, "latest");
  await write(3);
  await hears(3);
  const late = await lab.connected();

  const subscription = await late.subscribed(channel, { since: { offset: 0, epoch: "" } });
  await until(() => subscription.heard.length === 1, "the latest publication is heard");
  await reader.goOffline();
  await write(2);
  const { recovered } = await reader.comeBack(atReader);
  await hears(4);

  assert.equal(subscription.entered.recovered, true);
  assert.deepEqual(late.values([subscription.heard[0]]), [3]);
  assert.equal(recovered, true);
  assert.deepEqual(reader.values(atReader.heard), [1, 2, 3, 5]);
}

export async function stateIsLoadedAgainWhenItsPositionIsUnknownAndOnlyThen(lab) {
  const channel = lab.unique("stream");
  const writer = await lab.connected();
  const atWriter = await writer.subscribed(channel);
  await atWriter.publish(writer.encode(1));
  const { offset, epoch } = await atWriter.history({ limit: 0 });
  await atWriter.publish(writer.encode(2));
  const reader = await lab.connected();
  const positions = [{ offset, epoch: "of-another-stream" }, { offset, epoch }];
  let loads = 0;

  const atReader = await reader.subscribed(channel, { getState: async () => positions[loads++] });
  await until(() => atReader.heard.length === 1, "what came after the state is heard");
  await reader.goOffline();
  await atWriter.publish(writer.encode(3));
  const { recovered } = await reader.comeBack(atReader);
  await until(() => atReader.heard.length === 2, "what was missed is heard");

  assert.equal(recovered, true);
  assert.deepEqual(reader.values(atReader.heard), [2, 3]);
  assert.equal(loads, 2);
}
