// Plays one scenario on the sample's page in a real browser: node browse.mjs NAME URL CHROMIUM SCREENSHOTS. Exits non-zero,
// with the reason, when the page does not behave. node browse.mjs --list names all scenarios.
import { Browser } from "./browser/browser.mjs";
import * as chat from "./browser/chat.mjs";
import * as handlers from "./browser/handlers.mjs";
import * as look from "./browser/look.mjs";
import * as transports from "./browser/transports.mjs";

const scenarios = { ...chat, ...handlers, ...look, ...transports };

const [name, url, chromium, screenshots] = process.argv.slice(2);
if (name === "--list") {
  console.log(Object.keys(scenarios).join("\n"));
} else {
  const browser = await Browser.launch(url, chromium, screenshots);
  try {
    await scenarios[name](browser);
    browser.refuseComplaints();
  } catch (failure) {
    console.error(failure, "The pages complained of", browser.complaints);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}
