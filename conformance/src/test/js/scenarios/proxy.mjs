import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import WebSocket from "ws";
import { token, until } from "../lab.mjs";

// Once for each proxy, without regard to the transport of the SDK.

export async function clientsAreSpreadOverBothNodes(lab) {
  const nodes = new Set();

  for (let i = 0; i < 50 && nodes.size < 2; i++) {
    const client = await lab.connected();
    const [reply] = client.received.map((frame) => JSON.parse(frame)).filter(({ connect }) => connect);
    nodes.add(reply.connect.node);
  }

  assert.equal(nodes.size, 2);
}

/** The page has the name that the browser knows, which only the headers of the proxy tell the application. */
export async function pageOfTheHostThatTheProxyServesIsAllowed(lab) {
  const host = "chat.example";

  assert.equal(await statusOfStream(lab, { Host: host, Origin: `http://${host}` }), 200);
  assert.equal(await statusOfStream(lab, { Host: `${host}:8443`, Origin: `http://${host}:8443` }), 200);
  assert.equal(await statusOfStream(lab, { Host: host, Origin: `http://${host}:8443` }), 403);
  await opened(new WebSocket(socketOf(lab), { headers: { Host: host, Origin: `http://${host}` } }));
}

export async function pageThatForgesTheHeadersOfTheProxyIsRefused(lab) {
  const forged = { Origin: "http://evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http" };

  assert.equal(await statusOfStream(lab, forged), 403);
  const [, { statusCode }] = await once(new WebSocket(socketOf(lab), { headers: forged }), "unexpected-response");
  assert.equal(statusCode, 403);
}

/** A client that takes nothing does not hold up those beside it, and is not kept for ever. */
export async function clientThatDoesNotReadHoldsUpNoOther(lab) {
  const channel = lab.unique("stream");
  const client = await lab.connected();
  const subscription = await client.subscribed(channel);
  const response = await streamOf(lab, { subs: { [channel]: {} } });
  assert.equal(response.statusCode, 200);
  response.pause();

  const text = "x".repeat(40_000);
  for (let n = 1; n <= 50; n++) await subscription.publish(client.encode({ n, text }));
  await until(() => subscription.heard.length === 50, "all publications are heard");

  response.destroy();
}

const socketOf = (lab) => `${lab.url.replace("http", "ws")}/connection/websocket`;

async function opened(socket) {
  await once(socket, "open");
  socket.terminate();
}

async function statusOfStream(lab, headers) {
  const response = await streamOf(lab, {}, headers);
  response.destroy();
  return response.statusCode;
}

/** The response to a connect command over HTTP streaming, whose body is not read yet. */
async function streamOf(lab, connect, headers = {}) {
  const command = { id: 1, connect: { token: token({ sub: "a-user" }), ...connect } };
  const posted = request(`${lab.url}/connection/http_stream`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    agent: false,
  });
  posted.end(JSON.stringify(command));
  const [response] = await once(posted, "response");
  response.on("error", () => {}); // its connection is dropped at the end
  return response;
}
