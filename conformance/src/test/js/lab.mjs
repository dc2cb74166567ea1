import { createHmac, randomUUID } from "node:crypto";
import { Centrifuge as JsonCentrifuge } from "centrifuge";
import { Centrifuge as ProtobufCentrifuge } from "centrifuge/build/protobuf";
import { Taps } from "./taps.mjs";

/** Either server is started with it. */
const API_KEY = "conformance-tests-and-nothing-else";

/** Either server verifies tokens with it. */
const SECRET = "a-secret-for-conformance-tests-only";

const PATIENCE_MILLIS = 10_000;

/** In the order in which a page lists them for the SDK. */
const FALLBACK = ["websocket", "http_stream", "sse"];

/**
 * Opens clients of the official SDK in one encoding over one transport, or over the first that works ("fallback"), and
 * calls the server from behind.
 */
export class Lab {
  #clients = [];

  /** @param network addresses beside that of the server, for scenarios about what is between it and its clients */
  constructor(url, protocol, transport = "websocket", network = {}) {
    Object.assign(this, { url, protocol, transport, network });
  }

  /** The same at another address, closed with this one. */
  at(url, protocol = this.protocol, transport = this.transport) {
    const lab = new Lab(url, protocol, transport, this.network);
    lab.#clients = this.#clients;
    return lab;
  }

  /** A name no other scenario uses. */
  unique(namespace) {
    return `${namespace}:${randomUUID()}`;
  }

  /**
   * A client that is not connected yet. It has a token that never ends, unless `token` or `getToken` are given.
   */
  client({ user = randomUUID(), info, subs = [], protocol = this.protocol, anonymous = false, ...tokens } = {}) {
    const own = "token" in tokens || "getToken" in tokens;
    const options = anonymous ? {} : own ? tokens : { token: token({ sub: user, info, channels: subs }) };
    // Events are text.
    const transport = this.transport === "sse" && protocol === "protobuf" ? "http_stream" : this.transport;
    const client = new Client(this.url, protocol, transport, user, options);
    this.#clients.push(client);
    return client;
  }

  /** A connected client. */
  async connected(options) {
    const client = this.client(options);
    const connected = next(client.centrifuge, "connected");
    client.centrifuge.connect();
    client.id = (await connected).client;
    return client;
  }

  /** Calls the server's HTTP API, as an application behind it does. */
  async call(method, params) {
    await callApi(this.url, method, params);
  }

  close() {
    this.#clients.forEach((client) => client.centrifuge.disconnect());
  }
}

/** One SDK client, with its connections to the server and the frames that came over them. */
class Client {
  constructor(url, protocol, transport, user, tokens) {
    const { connections, received, ...network } = new Taps(protocol);
    Object.assign(this, { user, protocol, connections, received });
    const Centrifuge = protocol === "json" ? JsonCentrifuge : ProtobufCentrifuge;
    const endpoint = (name) => `${name === "websocket" ? url.replace("http", "ws") : url}/connection/${name}`;
    const list = (names) => names.map((name) => ({ transport: name, endpoint: endpoint(name) }));
    this.centrifuge = new Centrifuge(
      transport === "websocket" ? endpoint(transport) : list(transport === "fallback" ? FALLBACK : [transport]),
      { ...network, emulationEndpoint: `${url}/emulation`, minReconnectDelay: 20, maxReconnectDelay: 200, ...tokens },
    );
    this.centrifuge.on("error", () => {}); // shown by what follows from it
  }

  /** A subscription that is not subscribed yet, with everything it hears. */
  subscription(channel, options) {
    const subscription = this.centrifuge.newSubscription(channel, options);
    subscription.on("error", () => {});
    return Object.assign(subscription, { heard: record(subscription, "publication") });
  }

  /** A subscribed subscription. */
  async subscribed(channel, options) {
    const subscription = this.subscription(channel, options);
    const subscribed = next(subscription, "subscribed");
    subscription.subscribe();
    subscription.entered = await subscribed;
    return subscription;
  }

  /** Disconnects on purpose; the SDK keeps its place in every stream. */
  async goOffline() {
    const disconnected = next(this.centrifuge, "disconnected");
    this.centrifuge.disconnect();
    await disconnected;
  }

  /** Comes back and returns what a subscription says of its recovery. */
  async comeBack(subscription) {
    const subscribed = next(subscription, "subscribed");
    this.centrifuge.connect();
    return subscribed;
  }

  /** Application data the way this encoding's SDK wants it. */
  encode(value) {
    return this.protocol === "json" ? value : Buffer.from(JSON.stringify(value));
  }

  decode(data) {
    return this.protocol === "json" ? data : JSON.parse(Buffer.from(data).toString());
  }

  /** The decoded data of publications. */
  values(publications) {
    return publications.map(({ data }) => this.decode(data));
  }
}

/** Calls a method of the HTTP API of a server. */
export async function callApi(url, method, params) {
  const answer = await fetch(`${url}/api/${method}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-API-Key": API_KEY },
    body: JSON.stringify(params),
  });
  const body = await answer.text();
  if (!answer.ok || body.includes('"error"')) throw new Error(`${method} answered ${answer.status}: ${body}`);
}

/** Everything of one event, as it comes. */
export function record(emitter, event) {
  const seen = [];
  emitter.on(event, (context) => seen.push(context));
  return seen;
}

/** The next context of an event. */
export function next(emitter, event) {
  return within(new Promise((resolve) => emitter.once(event, resolve)), `No "${event}" came`);
}

/** Waits until a condition holds. */
export async function until(condition, what) {
  const deadline = Date.now() + PATIENCE_MILLIS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited ${PATIENCE_MILLIS} ms in vain until ${what}.`);
    await pause(5);
  }
}

export const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** The error a call fails with. */
export async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("The call was expected to be refused, but succeeded.");
}

function within(promise, complaint) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${complaint} within ${PATIENCE_MILLIS} ms.`)), PATIENCE_MILLIS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** A token with these claims. */
export function token(claims, secret = SECRET) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/** Unix time so many seconds from now. */
export const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds;
