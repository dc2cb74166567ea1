import { Board } from "./board.js";
import { Centrifuge } from "./centrifuge/index.mjs";
import { get, post } from "./http.js";

const page = Object.fromEntries([...document.querySelectorAll("[id]")].map((part) => [part.id, part]));

const me = await get("me");
const board = new Board(page, me.staff ? finish : null);

page.me.textContent = me.user;
page.title.textContent = me.staff ? "All orders" : "Your orders";

// tag::live[]
const server = new URL("connection/websocket", location.href);
server.protocol = location.protocol.replace("http", "ws");

/* The session says who this is, and the server subscribes the client to the orders of its user. */
const centrifuge = new Centrifuge(server.href)
  .on("connecting", ({ code }) => (page.state.textContent = code ? "Reconnecting…" : "Connecting…"))
  .on("connected", () => (page.state.textContent = "Live"))
  .on("disconnected", disconnected)
  .on("subscribed", current)
  .on("publication", ({ data }) => board.show(data));

/* Staff sees all orders. */
if (me.staff) {
  centrifuge
    .newSubscription("orders:all")
    .on("subscribed", current)
    .on("publication", ({ data }) => board.show(data))
    .subscribe();
}

centrifuge.connect();

/** Reads all orders, unless those that changed meanwhile are recovered. */
async function current({ wasRecovering, recovered }) {
  if (!(wasRecovering && recovered)) board.fill(await get("orders"));
}
// end::live[]

/** The server ends the connection when the user logs out, in this tab or another one. */
function disconnected() {
  page.state.textContent = "Logged out";
  location.assign("login");
}

page.order.addEventListener("submit", async (event) => {
  event.preventDefault();
  page.refusal.textContent = "";
  try {
    board.show(await post("orders", new FormData(page.order)));
    page.order.reset();
  } catch (refusal) {
    page.refusal.textContent = refusal.message;
  }
  page.item.focus();
});

async function finish(order) {
  try {
    board.show(await post(`orders/${order.id}/ready`));
  } catch (refusal) {
    page.refusal.textContent = refusal.message;
  }
}
