import assert from "node:assert/strict";

export async function serverFeedsEachTabAClockOfItsOwn(browser) {
  const ada = await browser.enter(browser.uniqueRoom(), "Ada");
  const clock = ada.page.locator("#clock");

  await ada.matches(clock, /^\d\d:\d\d:\d\d$/);
  const first = await clock.textContent();
  await ada.page.waitForFunction((time) => document.getElementById("clock").textContent !== time, first);
}

export async function diceAreRolledByTheApplicationAndToldToTheRoom(browser) {
  const room = browser.uniqueRoom();
  const ada = await browser.enter(room, "Ada");
  const grace = await browser.enter(room, "Grace");

  await ada.press("Roll dice");

  await grace.matches(grace.messages.first(), /^🎲 [1-6] and [1-6]$/);
}

export async function messageTheApplicationRefusesIsNotSent(browser) {
  const ada = await browser.enter(browser.uniqueRoom(), "Ada");
  await ada.page.locator("#text").evaluate((field) => {
    field.removeAttribute("maxlength");
    field.value = "x".repeat(501);
  });

  await ada.press("Send");

  await ada.reads(ada.page.locator("#notice"), ["Not sent. The server did not understand that."]);
  await ada.reads(ada.messages, []);
}

export async function pinnedNoteIsToldOnceItIsStored(browser) {
  const room = browser.uniqueRoom();
  const ada = await browser.enter(room, "Ada");
  const grace = await browser.enter(room, "Grace");
  await ada.page.locator("#text").fill("Bring cake");

  await ada.press("Pin");

  await grace.reads(grace.messages, ["Pinned: Bring cake"]);
}

export async function staffRoomOpensForWhoIsLoggedInAndWorksHere(browser) {
  const ada = await browser.enter("lobby", "Ada");
  await ada.page.getByRole("link", { name: "staff" }).click();
  await ada.matches(ada.page.locator("#notice"), /^This room is for the staff/);
  for (const name of ["Send", "Roll dice", "Pin", "Announce"]) {
    assert.equal(await ada.page.getByRole("button", { name }).isDisabled(), true, name);
  }

  await logIn(ada, "sam");
  await ada.page.goto(`${browser.url}/#staff`);

  await ada.reads(ada.people, ["sam you"]);
  await ada.say("Only we read this");
  await ada.reads(ada.messages.last(), ["Only we read this"]);
  await ada.page.locator("#text").fill("Bring cake");
  await ada.press("Pin");
  await ada.reads(ada.messages.last(), ["Pinned: Bring cake"]);
  await ada.page.locator("#text").fill("Lunch is ready");
  await ada.press("Announce");
  await ada.reads(ada.messages.last(), ["Lunch is ready"]);
  assert.equal(await ada.page.getByRole("link", { name: "Log out" }).count(), 1);
}

export async function logInAndStaffRoomFitAPhone(browser) {
  const sam = await browser.enter("lobby", "Ada", { width: 360, height: 640 });
  await sam.page.getByRole("link", { name: "staff" }).click();
  await sam.matches(sam.notice, /^This room is for the staff/);
  assert.deepEqual(await sam.sidewaysParts(), []);
  await sam.page.screenshot({ path: browser.screenshotPath("phone-staff-closed") });

  await logIn(sam, "sam", async () => {
    assert.deepEqual(await sam.sidewaysParts(), []);
    await sam.page.screenshot({ path: browser.screenshotPath("phone-log-in") });
  });
  await sam.page.goto(`${browser.url}/#staff`);

  await sam.reads(sam.people, ["sam you"]);
  await sam.say("Only we read this, even on a phone");
  assert.deepEqual(await sam.sidewaysParts(), []);
  await sam.page.screenshot({ path: browser.screenshotPath("phone-staff") });
}

async function logIn(tab, name, look = async () => {}) {
  await tab.page.getByRole("link", { name: "Log in" }).click();
  await tab.page.locator("#username").fill(name);
  await look();
  await tab.page.locator("#password").fill(name);
  await tab.page.locator("button[type=submit]").click();
  await tab.page.waitForURL((url) => url.pathname === "/");
}
