import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** A small conversation between two people, one of whom was away in the middle of it. */
async function conversation(browser, room, adasOptions, gracesOptions) {
  const ada = await browser.enter(room, "Ada", adasOptions);
  const grace = await browser.enter(room, "Grace", gracesOptions);
  await grace.say("Morning! I am on the train, so I may drop out.");
  await ada.say("Fine. Go offline and come back, nothing gets lost.");
  await grace.reads(grace.messages.nth(1), ["Fine. Go offline and come back, nothing gets lost."]);
  await grace.press("Go offline");
  await ada.say("While you are in the tunnel: the release is tagged.");
  await browser.announce(room, "Deployment starts in five minutes");
  await ada.say("See you on the other side.");
  await grace.press("Go online");
  await grace.say("Back again, and all three are here.");
  await ada.reads(ada.messages.nth(5), ["Back again, and all three are here."]);
  return { ada, grace };
}

/** Also draws the picture of the README: two tabs beside each other. */
export async function twoTabsBesideEachOther(browser) {
  const size = { width: 640, height: 720 };
  const { ada, grace } = await conversation(browser, "station", size, size);
  const shots = [];
  for (const [tab, name] of [[ada, "ada"], [grace, "grace"]]) {
    await tab.reads(tab.people, tab === ada ? ["Ada you", "Grace"] : ["Ada", "Grace you"]);
    await tab.page.mouse.move(0, 0);
    await tab.page.evaluate(() => document.activeElement.blur());
    shots.push(await tab.page.screenshot({ path: browser.screenshotPath(`tab-of-${name}`) }));
  }

  const easel = await browser.context.newPage();
  await easel.setViewportSize({ width: 1360, height: 768 });
  const image = (shot) => `<img width="640" src="data:image/png;base64,${shot.toString("base64")}">`;
  await easel.setContent(`<style>
    body { display: flex; justify-content: center; align-items: center; gap: 24px; height: 768px; margin: 0; background: #d9d5cc }
    img { border-radius: 10px; box-shadow: 0 1px 3px #0003, 0 8px 24px #0002 }
  </style>${shots.map(image).join("")}`);
  await easel.screenshot({ path: browser.screenshotPath("two-tabs") });

  assert.ok(readFileSync(browser.screenshotPath("two-tabs")).length > 20_000);
}

export async function phoneScrollsInOneDirectionOnly(browser) {
  const room = browser.uniqueRoom();
  const phone = { width: 360, height: 640 };
  const { ada, grace } = await conversation(browser, room, phone, { ...phone, colorScheme: "dark" });
  await ada.say(`A word that is too long: ${"donaudampfschifffahrt".repeat(6)}`);
  const long = await browser.enter(room, "A-name-as-long-as-names-may-be", phone);
  await long.say("short");

  for (const [tab, name] of [[ada, "light"], [grace, "dark"], [long, "long-name"]]) {
    await tab.reads(tab.messages.last(), ["short"]);
    assert.deepEqual(await tab.sidewaysParts(), []);
    assert.ok(await tab.page.locator("#text").isVisible());
    await tab.page.screenshot({ path: browser.screenshotPath(`phone-${name}`) });
  }
}

export async function textIsReadableInLightAndDark(browser) {
  for (const colorScheme of ["light", "dark"]) {
    const { ada } = await conversation(browser, browser.uniqueRoom(), { colorScheme }, {});
    await ada.press("Go offline");
    await ada.page.screenshot({ path: browser.screenshotPath(`desktop-${colorScheme}`) });

    const faint = await ada.page.evaluate(faintTexts);

    assert.deepEqual(faint, []);
    await ada.page.close();
  }
}

export async function keyboardAloneIsEnough(browser) {
  const tab = await browser.tab(browser.uniqueRoom());
  const keyboard = tab.page.keyboard;
  await keyboard.type("Ada");
  await keyboard.press("Enter");
  await tab.reads(tab.state, ["Online"]);

  const stops = [];
  for (let i = 0; i < 14; i++) {
    await keyboard.press("Tab");
    const stop = await tab.page.evaluate(() => {
      const { id, textContent } = document.activeElement;
      return { name: id || textContent.trim(), ring: getComputedStyle(document.activeElement).outlineStyle };
    });
    assert.equal(stop.ring, "solid", `no focus is seen on ${stop.name}`);
    stops.push(stop.name);
    if (stop.name === "text") break;
  }
  await keyboard.type("written without a mouse");
  await keyboard.press("Enter");

  await tab.reads(tab.messages, ["written without a mouse"]);
  for (const control of ["transport", "line", "lobby", "room-name", "rename", "scroller"]) assert.ok(stops.includes(control), control);
}

export async function conversationIsALiveRegionWithAName(browser) {
  const room = browser.uniqueRoom();
  const ada = await browser.enter(room, "Ada");

  await ada.say("said aloud");

  const log = ada.page.getByRole("log", { name: room });
  await log.getByText("said aloud").waitFor();
  assert.equal(await log.getAttribute("aria-busy"), "false");
  for (const unnamed of await ada.page.locator("input:visible").all()) {
    assert.ok(await unnamed.evaluate((input) => input.labels.length > 0), "an input has no label");
  }
}

/** Runs in the page: texts whose contrast to what is behind them is below 4.5 (WCAG 2, level AA). */
function faintTexts() {
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).slice(0, 3).map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (channels(color)[3] !== 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const contrast = (element) => {
    const [light, dark] = [getComputedStyle(element).color, background(element)].map(luminance).sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  return [...document.querySelectorAll("#chat *")]
    .filter((element) => element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .filter((element) => contrast(element) < 4.5)
    .map((element) => `${element.outerHTML} ${contrast(element).toFixed(2)}`);
}
