// Plays the scenarios of pages behind a proxy in a real browser: node browse-network.mjs NETWORK CHROMIUM, where NETWORK is
// JSON with the addresses. Prints a line of JSON with the name of each, and with the failure of one that did not pass.
import { inspect } from "node:util";
import { launch, scenarios } from "./browser/network.mjs";

const [network, chromium] = process.argv.slice(2);
const browser = await launch(chromium);
try {
  await Promise.all(
    Object.entries(scenarios(JSON.parse(network))).map(async ([scenario, steps]) => {
      const failure = await play(steps);
      console.log(JSON.stringify({ scenario, failure: failure && inspect(failure) }));
    }),
  );
} finally {
  await browser.close();
}

/** Returns what failed, if anything did. */
async function play(steps) {
  const page = await browser.page();
  try {
    await steps(page);
  } catch (failure) {
    return failure;
  } finally {
    await page.close();
  }
}
