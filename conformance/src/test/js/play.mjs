// Plays scenarios against a running server: node play.mjs NAME URL json|protobuf [websocket|http_stream|sse|fallback]. Exits
// non-zero, with the reason, when the server does not behave.
// node play.mjs --all URL json|protobuf TRANSPORT plays all that any server of the protocol plays, and --all-handlers those
// that need methods in the server: a line of JSON with the name for each, and with the failure of one that did not pass.
import { inspect } from "node:util";
import { Lab } from "./lab.mjs";
import * as connection from "./scenarios/connection.mjs";
import * as handlers from "./scenarios/handlers.mjs";
import * as history from "./scenarios/history.mjs";
import * as permission from "./scenarios/permission.mjs";
import * as presence from "./scenarios/presence.mjs";
import * as publication from "./scenarios/publication.mjs";
import * as recovery from "./scenarios/recovery.mjs";
import * as serverSide from "./scenarios/serverSide.mjs";
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
};

const [name, url, protocol, transport] = process.argv.slice(2);
if (name === "--all") {
  await playAll(scenarios);
} else if (name === "--all-handlers") {
  await playAll(handlers);
} else {
  const failure = await play(scenarios[name] ?? handlers[name]);
  if (failure) {
    console.error(failure);
    process.exitCode = 1;
  }
}

/** Several at a time, because most of them wait most of the time. */
async function playAll(some) {
  process.on("unhandledRejection", (reason) => {
    console.error("A rejection that no scenario expects:", reason);
    process.exitCode = 1;
  });
  const left = Object.entries(some);
  const player = async () => {
    while (left.length > 0) {
      const [scenario, steps] = left.shift();
      const failure = await play(steps);
      console.log(JSON.stringify({ scenario, failure: failure && inspect(failure) }));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, player));
  process.exit();
}

/** Returns what failed, if anything did. */
async function play(scenario) {
  if (!scenario) return new Error(`There is no scenario ${name}.`);
  const lab = new Lab(url, protocol, transport);
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
