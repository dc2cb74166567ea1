// Plays one scenario on the sample's page in a real browser: node browse.mjs NAME URL CHROMIUM SCREENSHOTS. Exits non-zero,
// with the reason, when the page does not behave. node browse.mjs --list names the scenarios of the chat, and
// node browse.mjs --orders those of the order board.
import { Browser } from "./browser/browser.mjs";
import * as chat from "./browser/chat.mjs";
import * as handlers from "./browser/handlers.mjs";
import * as look from "./browser/look.mjs";
import * as orders from "./browser/orders.mjs";
import * as transports from "./browser/transports.mjs";

const chats = { ...chat, ...handlers, ...look, ...transports };
const scenarios = { ...chats, ...orders };
const lists = { "--list": chats, "--orders": orders };

const [name, url, chromium, screenshots] = process.argv.slice(2);
if (name in lists) {
  console.log(Object.keys(lists[name]).join("\n"));
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
