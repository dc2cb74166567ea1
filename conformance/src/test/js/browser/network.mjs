import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { chromium } from "playwright-core";
import { FLAGS } from "./browser.mjs";
import { callApi, token } from "../lab.mjs";

const PATIENCE_MILLIS = 15_000;

const SDK = new URL("../../../../node_modules/centrifuge/build/", import.meta.url);

/** Transports of the SDK in a browser; of the list, those that the proxy lets through. */
const WAYS = [
  { transports: ["websocket"], protocol: "json" },
  { transports: ["websocket"], protocol: "protobuf" },
  { transports: ["http_stream"], protocol: "json" },
  { transports: ["http_stream"], protocol: "protobuf" },
  { transports: ["sse"], protocol: "json" },
  { transports: ["websocket", "http_stream", "sse"], protocol: "json", place: "blocked", expected: "http_stream" },
  { transports: ["websocket", "http_stream", "sse"], protocol: "json", place: "eventsOnly", expected: "sse" },
];

/** Scenarios of pages that a proxy serves, by name. Each gets a new page of a browser. */
export function scenarios(network) {
  const clients = WAYS.map((way) => [
    `sdk over ${way.expected ?? way.transports} in ${way.protocol}${way.expected ? ", which it falls back to" : ""}`,
    (page) => clientTalksAndRecovers(page, network[way.place ?? "url"], way),
  ]);
  return Object.fromEntries([
    ...clients,
    ["eventSource resumes after its last event", (page) => eventSourceResumes(page, network.url)],
    ["eventSource of a reloaded page resumes", (page) => reloadedPageResumes(page, network.url)],
  ]);
}

/** Launches a browser. Of what its pages ask for, only the SDK does not come through the proxy. */
export async function launch(executablePath) {
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MILLIS);
  await context.route("**/sdk/**", async (route) => {
    const file = new URL(route.request().url()).pathname.replace("/sdk/", "");
    await route.fulfill({ contentType: "text/javascript", body: await readFile(new URL(file, SDK)) });
  });
  return { page: () => context.newPage(), close: () => browser.close() };
}

async function clientTalksAndRecovers(page, url, { transports, protocol, expected = transports[0] }) {
  const channel = `stream:${randomUUID()}`;
  await page.goto(`${url}/network.html`);
  const [transport, sum] = await page.evaluate(openClient, { transports, protocol, channel, token: token({ sub: channel }) });
  assert.deepEqual([transport, sum], [expected, 6]);
  await heard(page, [1]);

  await page.evaluate(() => window.client.disconnect());
  await callApi(url, "publish", { channel, data: 2 });
  await page.evaluate(() => window.client.connect());

  await heard(page, [1, 2]);
}

/** Runs in the page. */
async function openClient({ transports, protocol, channel, token }) {
  const { Centrifuge } = await import(protocol === "json" ? "/sdk/index.mjs" : "/sdk/protobuf/index.mjs");
  const endpoint = (transport) => {
    const origin = transport === "websocket" ? location.origin.replace("http", "ws") : location.origin;
    return { transport, endpoint: `${origin}/connection/${transport}` };
  };
  const client = new Centrifuge(transports.map(endpoint), { token, emulationEndpoint: `${location.origin}/emulation` });
  const encode = (value) => (protocol === "json" ? value : new TextEncoder().encode(JSON.stringify(value)));
  const decode = (data) => (protocol === "json" ? data : JSON.parse(new TextDecoder().decode(data)));
  Object.assign(window, { client, heard: [] });
  const subscription = client.newSubscription(channel);
  subscription.on("publication", ({ data }) => window.heard.push(decode(data)));
  const connected = new Promise((resolve) => client.once("connected", resolve));
  subscription.subscribe();
  client.connect();
  const { transport } = await connected;
  await subscription.ready();
  await subscription.publish(encode(1));
  const { data } = await client.rpc("sum", encode([1, 2, 3]));
  return [transport, decode(data)];
}

async function eventSourceResumes(page, url) {
  const user = randomUUID();
  const channel = `news-${user}`;
  await page.goto(`${url}/network.html`);
  await page.evaluate(openEvents, { token: token({ sub: user }), subs: { [channel]: {} } });
  await callApi(url, "publish", { channel, data: 1 });
  await heard(page, [1]);

  await callApi(url, "disconnect", { user, disconnect: { code: 4000, reason: "moved" } });
  await page.waitForFunction(() => window.disconnects.length === 1);
  await callApi(url, "publish", { channel, data: 2 });
  await page.waitForFunction(() => window.connects.length === 2);
  await callApi(url, "publish", { channel, data: 3 });

  await heard(page, [1, 2, 3]);
  const [before, after] = await page.evaluate((name) => window.connects.map(({ subs }) => subs[name]), channel);
  assert.deepEqual([before.recovered, after.recovered, after.epoch], [undefined, true, before.epoch]);
}

async function reloadedPageResumes(page, url) {
  const channel = `news-${randomUUID()}`;
  await page.goto(`${url}/network.html`);
  await page.evaluate(openEvents, { subs: { [channel]: {} } });
  await callApi(url, "publish", { channel, data: 1 });
  await heard(page, [1]);
  const { epoch } = await page.evaluate((name) => window.connects[0].subs[name], channel);

  await page.reload();
  await callApi(url, "publish", { channel, data: 2 });
  await page.evaluate(openEvents, { subs: { [channel]: { recover: true, offset: 1, epoch } } });
  await callApi(url, "publish", { channel, data: 3 });

  await heard(page, [2, 3]);
}

/** Runs in the page; returns when the connect push has come. */
async function openEvents(request) {
  const events = new EventSource(`/connection/uni_sse?cf_connect=${encodeURIComponent(JSON.stringify(request))}`);
  Object.assign(window, { heard: [], connects: [], disconnects: [] });
  await new Promise((resolve) => {
    events.onmessage = ({ data }) => {
      const { connect, disconnect, pub } = JSON.parse(data);
      if (disconnect) window.disconnects.push(disconnect);
      if (pub) window.heard.push(pub.data);
      if (connect) {
        window.connects.push(connect);
        const missed = Object.values(connect.subs ?? {}).flatMap(({ publications }) => publications ?? []);
        window.heard.push(...missed.map((publication) => publication.data));
        resolve();
      }
    };
  });
}

/** Waits until the page has heard that many publications, which are these. */
async function heard(page, values) {
  await page.waitForFunction((count) => window.heard.length >= count, values.length);
  assert.deepEqual(await page.evaluate(() => window.heard), values);
}
