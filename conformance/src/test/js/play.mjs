// Plays scenarios against a running server: node play.mjs NAME URL json|protobuf [websocket|http_stream|sse|fallback]. Exits
// non-zero, with the reason, when the server does not behave.
// node play.mjs --all URL json|protobuf TRANSPORT plays all that any server of the protocol plays, and --all-handlers those
// that need what only this server has: a line of JSON with the name for each, and with the failure of one that did not pass.
// node play.mjs --all-network URL NETWORK plays those about a proxy, at URL, over each transport; NETWORK is JSON with the
// other addresses. node play.mjs --nodes URL NETWORK plays those about two nodes without one, --shutdown ends one of them.
import { inspect } from "node:util";
import { Lab } from "./lab.mjs";
import * as connection from "./scenarios/connection.mjs";
import * as delivery from "./scenarios/delivery.mjs";
import * as delta from "./scenarios/delta.mjs";
import * as fallback from "./scenarios/fallback.mjs";
import * as filtering from "./scenarios/filtering.mjs";
import * as handlers from "./scenarios/handlers.mjs";
import * as history from "./scenarios/history.mjs";
import * as network from "./scenarios/network.mjs";
import * as nodes from "./scenarios/nodes.mjs";
import * as permission from "./scenarios/permission.mjs";
import * as presence from "./scenarios/presence.mjs";
import * as proxy from "./scenarios/proxy.mjs";
import * as publication from "./scenarios/publication.mjs";
import * as recovery from "./scenarios/recovery.mjs";
import * as serverSide from "./scenarios/serverSide.mjs";
import * as shutdown from "./scenarios/shutdown.mjs";
import * as state from "./scenarios/state.mjs";
import * as token from "./scenarios/token.mjs";

const LONGEST_MILLIS = 30_000;

const AT_A_TIME = 8;

const scenarios = {
  ...connection,
  ...publication,
  ...presence,
  ...history,
  ...permission,
  ...recovery,
  ...serverSide,
  ...token,
  ...filtering,
  ...delta,
};

const { invalidate, ...ofState } = state;

const own = { ...handlers, ...delivery, ...ofState };

/** Those that the SDK has, and the order in which it tries them. */
const WAYS = [
  ["websocket", "json"],
  ["websocket", "protobuf"],
  ["http_stream", "json"],
  ["http_stream", "protobuf"],
  ["sse", "json"],
  ["fallback", "json"],
  ["fallback", "protobuf"],
];

const [name, url, ...options] = process.argv.slice(2);
if (name === "--all" || name === "--all-handlers") {
  const [protocol, transport] = options;
  await playAll(turns(name === "--all" ? scenarios : own, () => new Lab(url, protocol, transport)));
} else if (name === "--all-network") {
  const there = JSON.parse(options[0]);
  await playAll([
    ...WAYS.flatMap(([transport, protocol]) =>
      turns(network, () => new Lab(url, protocol, transport, there), ` over ${transport} in ${protocol}`),
    ),
    ...turns(fallback, () => new Lab(url, "json", "fallback", there)),
    ...turns(proxy, () => new Lab(url, "json", "http_stream", there)),
  ]);
} else if (name === "--nodes") {
  const there = JSON.parse(options[0]);
  await playAll(
    WAYS.filter(([transport]) => transport === "websocket" || transport === "http_stream").flatMap(
      ([transport, protocol]) =>
        turns(nodes, () => new Lab(url, protocol, transport, there), ` over ${transport} in ${protocol}`),
    ),
  );
} else if (name === "--shutdown") {
  const there = JSON.parse(options[0]);
  await playAll(turns(shutdown, () => new Lab(url, "json", "websocket", there)));
} else {
  const [protocol, transport] = options;
  const failure = await play(new Lab(url, protocol, transport), scenarios[name] ?? own[name]);
  if (failure) {
    console.error(failure);
    process.exitCode = 1;
  }
}

function turns(some, lab, suffix = "") {
  return Object.entries(some).map(([scenario, steps]) => ({ scenario: scenario + suffix, steps, lab }));
}

/** Several at a time, because most of them wait most of the time. */
async function playAll(left) {
  process.on("unhandledRejection", (reason) => {
    console.error("A rejection that no scenario expects:", reason);
    process.exitCode = 1;
  });
  const player = async () => {
    while (left.length > 0) {
      const { scenario, steps, lab } = left.shift();
      const failure = await play(lab(), steps);
      console.log(JSON.stringify({ scenario, failure: failure && inspect(failure) }));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, player));
  process.exit();
}

/** Returns what failed, if anything did. */
async function play(lab, scenario) {
  if (!scenario) return new Error(`There is no scenario ${name}.`);
  let watchdog;
  const late = new Promise((_, reject) => {
    watchdog = setTimeout(() => reject(new Error(`Not finished after ${LONGEST_MILLIS} ms.`)), LONGEST_MILLIS);
  });
  try {
    await Promise.race([scenario(lab), late]);
  } catch (failure) {
    return failure;
  } finally {
    lab.close();
    clearTimeout(watchdog);
  }
}
