import assert from "node:assert/strict";
import * as chat from "./chat.mjs";
import * as handlers from "./handlers.mjs";

export const wholeChatOverHttpStreaming = (browser) => wholeChat(browser, "http_stream");

export const wholeChatOverServerSentEvents = (browser) => wholeChat(browser, "sse");

/** Plays each scenario of the chat with one transport, in a profile of its own: a browser opens six streams at most. */
async function wholeChat(browser, transport) {
  for (const [name, scenario] of Object.entries({ ...chat, ...handlers })) {
    const other = await browser.over(transport);
    try {
      await scenario(other);
    } catch (failure) {
      throw new Error(`${name} over ${transport}`, { cause: failure });
    } finally {
      await other.leave();
    }
  }
}

export async function transportIsChosenOnThePageAndKept(browser) {
  const room = browser.uniqueRoom();
  const ada = await browser.enter(room, "Ada");
  const grace = await browser.enter(room, "Grace");
  await ada.reads(ada.transport, ["Automatic: WebSocket"]);
  await ada.say("before");

  for (const transport of ["HTTP streaming", "Server-sent events", "WebSocket"]) {
    await ada.page.getByLabel("Transport").selectOption(transport);
    await ada.reads(ada.state, ["Online"]);
    await ada.reads(ada.transport, [transport]);
    await ada.reads(ada.people, ["Ada you", "Grace"]);
    await ada.say(transport);
    await grace.reads(grace.messages.last(), [transport]);
  }
  await ada.page.getByLabel("Transport").selectOption("Server-sent events");
  await ada.page.reload();

  await ada.reads(ada.state, ["Online"]);
  await ada.reads(ada.transport, ["Server-sent events"]);
  await ada.reads(ada.messages, ["before", "HTTP streaming", "Server-sent events", "WebSocket"]);
}

export async function nextTransportServesWhereWebSocketIsBlocked(browser) {
  await browser.context.routeWebSocket(/./, (socket) => socket.close({ code: 1006 }));
  const room = browser.uniqueRoom();

  const ada = await browser.enter(room, "Ada");

  await ada.reads(ada.transport, ["Automatic: HTTP streaming"]);
  await ada.reads(ada.notice, [""]);
  await ada.say("through the proxy");
  await ada.reads(ada.messages, ["through the proxy"]);
}

export async function pageSaysThatATransportDoesNotOpen(browser) {
  await browser.context.route("**/connection/sse*", (route) => route.abort());
  const ada = await browser.enter(browser.uniqueRoom(), "Ada");

  await ada.page.getByLabel("Transport").selectOption("Server-sent events");
  await ada.reads(ada.notice, ["No connection over Server-sent events. Trying again."]);
  await ada.page.getByLabel("Transport").selectOption("WebSocket");

  await ada.reads(ada.state, ["Online"]);
  await ada.reads(ada.notice, [""]);
  assert.equal(browser.complaints.splice(0).filter((complaint) => !complaint.includes("ERR_FAILED")).length, 0);
}
