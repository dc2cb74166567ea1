// Plays one scenario against a running server: node play.mjs NAME URL json|protobuf. Exits non-zero, with the reason, when
// the server does not behave. node play.mjs --list names all scenarios that any server of the protocol plays,
// node play.mjs --list-handlers those that need methods in the server.
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

const [name, url, protocol] = process.argv.slice(2);
if (name === "--list") {
  console.log(Object.keys(scenarios).join("\n"));
} else if (name === "--list-handlers") {
  console.log(Object.keys(handlers).join("\n"));
} else {
  await play(scenarios[name] ?? handlers[name]);
}

async function play(scenario) {
  if (!scenario) throw new Error(`There is no scenario ${name}.`);
  const watchdog = setTimeout(() => {
    console.error(`Not finished after ${LONGEST_MILLIS} ms.`);
    process.exit(1);
  }, LONGEST_MILLIS);
  const lab = new Lab(url, protocol);
  try {
    await scenario(lab);
  } catch (failure) {
    console.error(failure);
    process.exitCode = 1;
  } finally {
    lab.close();
    clearTimeout(watchdog);
  }
}
