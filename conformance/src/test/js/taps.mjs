import { EventSource } from "eventsource";
import WebSocket from "ws";

/**
 * The network under one SDK client: WebSocket, fetch and EventSource that note each connection to the server and each
 * frame that comes over it. A connection is cut as a broken network cuts it: neither side says goodbye.
 */
export class Taps {
  connections = [];
  received = [];

  constructor(protocol) {
    const { connections, received } = this;

    this.websocket = class extends WebSocket {
      constructor(...args) {
        super(...args);
        connections.push({ transport: "websocket", cut: () => this.terminate() });
        this.on("message", (data) => received.push(Buffer.from(data)));
      }
    };

    this.fetch = async (url, options) => {
      if (!url.endsWith("/connection/http_stream")) return fetch(url, options);
      const { ok, status, body } = await cuttable("http_stream", connections, url, options);
      const frames = protocol === "json" ? new Lines(received) : new Delimited(received);
      return { ok, status, body: body?.pipeThrough(tap((chunk) => frames.push(chunk))) };
    };

    this.eventsource = class extends EventSource {
      constructor(url, options) {
        super(url, { ...options, fetch: (...request) => cuttable("sse", connections, ...request) });
        this.addEventListener("message", ({ data }) => received.push(Buffer.from(data)));
      }
    };
  }
}

/** A request whose response stream is a connection. */
function cuttable(transport, connections, url, options) {
  const controller = new AbortController();
  // An EventSource connects again after any error but an abort.
  const cut = () => controller.abort(new TypeError("cut"));
  options.signal?.addEventListener("abort", () => controller.abort());
  connections.push({ transport, cut });
  return fetch(url, { ...options, signal: controller.signal });
}

function tap(listener) {
  return new TransformStream({
    transform(chunk, controller) {
      listener(chunk);
      controller.enqueue(chunk);
    },
  });
}

/** Frames that end with a line break. */
class Lines {
  #rest = Buffer.alloc(0);

  constructor(frames) {
    this.frames = frames;
  }

  push(chunk) {
    let rest = Buffer.concat([this.#rest, chunk]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      this.frames.push(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
    this.#rest = rest;
  }
}

/** Frames that begin with their length as a varint, which belongs to the frame as it does in a WebSocket message. */
class Delimited {
  #rest = Buffer.alloc(0);

  constructor(frames) {
    this.frames = frames;
  }

  push(chunk) {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let end = frameEnd(this.#rest); end <= this.#rest.length; end = frameEnd(this.#rest)) {
      this.frames.push(this.#rest.subarray(0, end));
      this.#rest = this.#rest.subarray(end);
    }
  }
}

function frameEnd(bytes) {
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    length += (bytes[i] & 0x7f) * 2 ** (7 * i);
    if (bytes[i] < 0x80) return i + 1 + length;
  }
  return Infinity;
}
