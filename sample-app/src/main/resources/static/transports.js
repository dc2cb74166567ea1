/** How this tab reaches the server: over a transport that was chosen on the page, or over the first one that opens. */

const NAMES = { websocket: "WebSocket", http_stream: "HTTP streaming", sse: "Server-sent events" };

const menu = document.getElementById("transport");
const automatic = menu.options[0];

menu.value = sessionStorage.getItem("transport");
if (menu.selectedIndex < 0) menu.value = automatic.value;

/** Calls back when somebody chooses a transport. The choice is kept until the tab closes. */
export function onTransportChosen(callback) {
  menu.addEventListener("change", () => {
    sessionStorage.setItem("transport", menu.value);
    callback();
  });
}

// tag::transports[]
/** The transports that the SDK tries in this order, and where it posts commands if the transport has no way back. */
export function transports() {
  const wanted = automatic.selected ? Object.keys(NAMES) : [menu.value];
  return wanted.map((transport) => ({ transport, endpoint: address(`connection/${transport}`, transport) }));
}

export function emulationEndpoint() {
  return address("emulation");
}
// end::transports[]

/** Shows the transport in use, or that there is none. */
export function showTransport(transport) {
  automatic.textContent = transport ? `Automatic: ${NAMES[transport]}` : "Automatic";
}

/** What a transport is called. */
export function nameOf(transport) {
  return NAMES[transport];
}

function address(path, transport) {
  const url = new URL(path, location.href);
  if (transport === "websocket") url.protocol = url.protocol.replace("http", "ws");
  url.hash = "";
  return url.href;
}
