import { Centrifuge } from "./centrifuge/index.mjs";
import { Room } from "./room.js";
import { emulationEndpoint, nameOf, onTransportChosen, showTransport, transports } from "./transports.js";
import { rename, visitor } from "./visitor.js";
import { inWords } from "./words.js";

const ROOMS = ["lobby", "garden", "workshop", "staff"];
const ROOM_NAME = /^[a-z0-9-]{1,32}$/;

const page = Object.fromEntries([...document.querySelectorAll("[id]")].map((part) => [part.id, part]));

let centrifuge;
let room;
let me = visitor.user;

/* Coming in. */

page.introduction.addEventListener("submit", (event) => {
  event.preventDefault();
  rename(page.name.value.trim());
  comeIn();
});

page.rename.addEventListener("click", () => {
  goOut();
  askForName("");
});

onTransportChosen(() => {
  goOut();
  comeIn();
});

function goOut() {
  room.leave();
  centrifuge.disconnect();
}

function askForName(refusal) {
  page.chat.hidden = true;
  page.welcome.hidden = false;
  page.refusal.textContent = refusal;
  page.name.value = visitor.name;
  page.name.focus();
}

function comeIn() {
  const options = { emulationEndpoint: emulationEndpoint(), data: visitor, name: "chat" };
  centrifuge = new Centrifuge(transports(), options)
    .on("connecting", ({ code }) => showState("connecting", code ? "Reconnecting…" : "Connecting…"))
    .on("connected", connected)
    .on("disconnected", disconnected)
    .on("error", notConnected);
  page.welcome.hidden = true;
  page.chat.hidden = false;
  page.me.textContent = visitor.name;
  enterRoom();
  showClock();
  centrifuge.connect();
}

/** The server says who this is: who is logged in goes by the name of the account. */
function connected({ data: who, transport }) {
  showState("connected", "Online");
  showTransport(transport);
  me = who.user;
  const loggedIn = me !== visitor.user;
  page.rename.hidden = loggedIn;
  page.account.textContent = loggedIn ? "Log out" : "Log in";
  page.account.href = loggedIn ? "logout" : "login";
  page.me.textContent = who.name;
  room.iAm(me);
}

/** The application publishes the time to each subscriber of a clock, and to nobody else. */
// tag::clock[]
function showClock() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  centrifuge
    .newSubscription(`clock:${zone}`)
    .on("publication", ({ data }) => (page.clock.textContent = data.time))
    .subscribe();
}
// end::clock[]

function disconnected(context) {
  showState("disconnected", "Offline");
  const wanted = context.code === 0;
  if (context.code === 1000) askForName(inWords(context));
  else tell(wanted ? "You are offline. What the others write meanwhile waits for you." : inWords(context));
}

/** The SDK tries again, with a pause that grows. */
function notConnected({ type, transport }) {
  if (type === "transport") tell(`No connection over ${nameOf(transport)}. Trying again.`);
}

/* Going offline and coming back: the SDK keeps the place in the stream and asks for what came after it. */

page.line.addEventListener("click", () => {
  if (centrifuge.state === "disconnected") centrifuge.connect();
  else centrifuge.disconnect();
});

function showState(state, words) {
  page.chat.dataset.state = state;
  page.state.textContent = words;
  page.line.textContent = state === "disconnected" ? "Go online" : "Go offline";
  if (state !== "connected") showTransport(null);
  if (state !== "disconnected") tell("");
}

/* Rooms: the one after the # in the address is the one shown. */

window.addEventListener("hashchange", enterRoom);

page["other-room"].addEventListener("submit", (event) => {
  event.preventDefault();
  location.hash = page["room-name"].value;
  page["room-name"].value = "";
});

function enterRoom() {
  if (!centrifuge) return;
  const wanted = location.hash.slice(1);
  const name = ROOM_NAME.test(wanted) ? wanted : ROOMS[0];
  room?.leave();
  room = new Room(centrifuge, name, me, tell, () => allowWriting(false));
  allowWriting(true);
  document.title = `${name} · Chat`;
  page.room.textContent = name;
  page.text.placeholder = `Write to ${name}`;
  const names = ROOMS.includes(name) ? ROOMS : [...ROOMS, name];
  page.rooms.replaceChildren(...names.map((other) => roomLink(other, other === name)));
}

function roomLink(name, current) {
  const link = document.createElement("a");
  link.href = `#${name}`;
  link.textContent = name;
  if (current) link.ariaCurrent = "page";
  const item = document.createElement("li");
  item.append(link);
  return item;
}

/** Nobody can write in a room that is closed to them. */
function allowWriting(allowed) {
  for (const part of page.composer.elements) part.disabled = !allowed;
}

/* Writing: as a client of the channel, or through the application. */

page.composer.addEventListener("submit", (event) => {
  event.preventDefault();
  if (centrifuge.state === "disconnected") tell("You are offline. Go online to send this.");
  else send((text) => room.say(text));
});

page.announce.addEventListener("click", () => page.composer.reportValidity() && send(announce));

async function send(how) {
  const text = page.text.value.trim();
  if (!text) return;
  tell("");
  try {
    await how(text);
    page.text.value = "";
  } catch (error) {
    tell(`Not sent. ${inWords(error)}`);
  }
  page.text.focus();
}

page.roll.addEventListener("click", async () => {
  try {
    const { data } = await centrifuge.rpc("roll", { dice: 2 });
    await room.say(`🎲 ${data.join(" and ")}`);
  } catch (error) {
    tell(inWords(error));
  }
});

page.pin.addEventListener("click", () => page.composer.reportValidity() && send(pin));

async function pin(text) {
  await centrifuge.rpc("pin", { room: room.name, note: { text } });
}

async function announce(text) {
  const answer = await fetch(`messages/${room.name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text }),
  });
  if (answer.redirected || answer.status === 403) throw { code: 103 };
  if (!answer.ok) throw { code: answer.status, message: (await answer.json()).detail };
}

function tell(words) {
  page.notice.textContent = words;
}

if (visitor.name) comeIn();
else askForName("");
