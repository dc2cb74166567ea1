import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

/** Flags of a browser without traffic of its own. */
export const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const PATIENCE_MILLIS = 20_000;

/** A browser with an empty profile, looking at the sample. Remembers everything a page complained about. */
export class Browser {
  complaints = [];

  static async launch(url, executablePath, screenshots) {
    const browser = await chromium.launch({ executablePath, args: FLAGS });
    return new Browser(url, browser, await emptyProfile(browser), screenshots);
  }

  constructor(url, browser, context, screenshots) {
    Object.assign(this, { url, browser, context, screenshots });
    mkdirSync(screenshots, { recursive: true });
  }

  /** The same browser with another empty profile. */
  async another() {
    const other = new Browser(this.url, this.browser, await emptyProfile(this.browser), this.screenshots);
    return Object.assign(other, { complaints: this.complaints });
  }

  /** The same browser with another empty profile, whose pages use one transport and never open a WebSocket. */
  async over(transport) {
    const other = await this.another();
    await other.context.addInitScript((chosen) => sessionStorage.setItem("transport", chosen), transport);
    await other.context.routeWebSocket(/./, (socket) => this.complaints.push(`a WebSocket to ${socket.url()}`));
    return other;
  }

  /** A room no other scenario uses. */
  uniqueRoom() {
    return `room-${randomUUID().slice(0, 8)}`;
  }

  /** A tab that has not said a name yet. */
  async tab(room = "", { width = 1280, height = 800, colorScheme = "light" } = {}) {
    const page = await this.context.newPage();
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    this.#listen(page);
    await page.goto(`${this.url}/#${room}`);
    return new Tab(page);
  }

  /** A tab in a room, under a name. */
  async enter(room, name, options) {
    const tab = await this.tab(room, options);
    await tab.introduce(name);
    return tab;
  }

  /** What the application says in a room by itself. */
  async announce(room, text) {
    const answer = await fetch(`${this.url}/messages/${room}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text }),
    });
    assert.equal(answer.status, 200, await answer.text());
  }

  screenshotPath(name) {
    return join(this.screenshots, `${name}.png`);
  }

  /** Fails if a page logged an error, broke its content security policy or asked for something that is not there. */
  refuseComplaints() {
    assert.deepEqual(this.complaints, []);
  }

  /** Closes the tabs of this profile. */
  async leave() {
    await this.context.close();
  }

  async close() {
    await this.browser.close();
  }

  #listen(page) {
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("response", (response) => {
      if (response.status() >= 400) this.complaints.push(`${response.status()} ${response.url()}`);
    });
  }
}

async function emptyProfile(browser) {
  const context = await browser.newContext({ locale: "en-GB" });
  context.setDefaultTimeout(PATIENCE_MILLIS);
  return context;
}

/** One tab with the chat, used the way a person does: by what controls are called. */
export class Tab {
  constructor(page) {
    this.page = page;
    this.messages = page.locator(".message .said");
    this.people = page.getByRole("complementary", { name: "Here now" }).getByRole("listitem");
    this.state = page.locator("#state");
    this.transport = page.locator("#transport option:checked");
    this.notice = page.locator("#notice");
  }

  async introduce(name) {
    await this.page.getByLabel("Your name").fill(name);
    await this.page.getByRole("button", { name: "Come in" }).click();
    await this.reads(this.state, ["Online"]);
    await this.page.locator("#people li small").waitFor(); // the list of people has come
  }

  async say(text) {
    await this.page.getByLabel("Message").fill(text);
    await this.page.getByLabel("Message").press("Enter");
    await this.page.waitForFunction(() => document.getElementById("text").value === "");
  }

  async press(button) {
    await this.page.getByRole("button", { name: button, exact: true }).click();
  }

  /** What is wider than its place, and so scrolls sideways or is cut off. */
  async sidewaysParts() {
    return await this.page.evaluate(() => {
      const parts = [document.documentElement, ...document.querySelectorAll("body *:not(.unseen, .screenreader)")];
      return parts.filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0
        && getComputedStyle(part).display !== "inline" && !(part instanceof HTMLInputElement)).map((part) => part.outerHTML);
    });
  }

  /** Waits until the texts of a part of the page are these. */
  async reads(part, texts) {
    const deadline = Date.now() + PATIENCE_MILLIS;
    let seen = await part.allTextContents();
    while (JSON.stringify(seen) !== JSON.stringify(texts) && Date.now() < deadline) {
      await this.page.waitForTimeout(20);
      seen = await part.allTextContents();
    }
    assert.deepEqual(seen, texts);
  }

  /** Waits until the text of a part of the page matches. */
  async matches(part, pattern) {
    const deadline = Date.now() + PATIENCE_MILLIS;
    let seen = "";
    while (!pattern.test(seen) && Date.now() < deadline) {
      await this.page.waitForTimeout(20);
      seen = (await part.allTextContents())[0] ?? "";
    }
    assert.match(seen, pattern);
  }
}
