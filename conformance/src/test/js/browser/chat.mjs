import assert from "node:assert/strict";

export async function twoTabsTalkInBothDirections(browser) {
  const room = browser.uniqueRoom();
  const ada = await browser.enter(room, "Ada");
  const grace = await browser.enter(room, "Grace");

  await ada.say("Hello Grace");
  await grace.reads(grace.messages, ["Hello Grace"]);
  await grace.say("Hello Ada, 👋 世界");
  await browser.announce(room, "Tea is ready");

  for (const tab of [ada, grace]) {
    await tab.reads(tab.messages, ["Hello Grace", "Hello Ada, 👋 世界", "Tea is ready"]);
    await tab.reads(tab.page.locator(".message .author"), ["Ada", "Grace", "Announcement"]);
    await tab.reads(tab.page.locator(".message .offset"), ["1", "2", "3"]);
  }
}

export async function whoIsHereFollowsTabsComingAndGoing(browser) {
  const room = browser.uniqueRoom();
  const ada = await browser.enter(room, "Ada");
  await ada.reads(ada.people, ["Ada you"]);

  const grace = await browser.enter(room, "Grace");
  await ada.reads(ada.people, ["Ada you", "Grace"]);
  await grace.reads(grace.people, ["Ada", "Grace you"]);

  await grace.page.close();
  await ada.reads(ada.people, ["Ada you"]);
  await ada.reads(ada.page.locator("#people-count"), ["1"]);
}

export async function tabThatWasOfflineGetsEverythingOnceAndInOrder(browser) {
  const room = browser.uniqueRoom();
  const ada = await browser.enter(room, "Ada");
  const grace = await browser.enter(room, "Grace");
  await ada.say("before");
  await grace.reads(grace.messages, ["before"]);

  await ada.press("Go offline");
  await ada.reads(ada.state, ["Offline"]);
  await grace.reads(grace.people, ["Grace you"]);
  await grace.say("missed 1");
  await browser.announce(room, "missed 2");
  await grace.say("missed 3");
  await ada.reads(ada.messages, ["before"]);
  await ada.press("Go online");

  const everything = ["before", "missed 1", "missed 2", "missed 3"];
  await ada.reads(ada.messages, everything);
  await ada.reads(ada.page.locator(".remark"), ["You are back. You missed 3 messages, here in order."]);
  await ada.reads(ada.page.locator(".caught-up .offset"), ["2", "3", "4"]);
  await grace.reads(grace.people, ["Ada", "Grace you"]);
  await ada.say("after");
  await grace.reads(grace.messages, [...everything, "after"]);
  await ada.reads(ada.messages, [...everything, "after"]);
}

export async function tabThatWasOfflineIsToldWhenItMissedNothing(browser) {
  const ada = await browser.enter(browser.uniqueRoom(), "Ada");
  await ada.say("before");

  await ada.press("Go offline");
  await ada.press("Go online");

  await ada.reads(ada.page.locator(".remark"), ["You are back. Nothing was missed."]);
  await ada.reads(ada.messages, ["before"]);
}

export async function reloadKeepsNameRoomAndHistory(browser) {
  const room = browser.uniqueRoom();
  const ada = await browser.enter(room, "Ada");
  await ada.say("first");
  await browser.announce(room, "second");
  await ada.reads(ada.messages, ["first", "second"]);

  await ada.page.reload();

  await ada.reads(ada.messages, ["first", "second"]);
  await ada.reads(ada.people, ["Ada you"]);
  await ada.reads(ada.page.getByRole("heading", { level: 1 }), [room]);
}

export async function roomsAreApart(browser) {
  const [one, other] = [browser.uniqueRoom(), browser.uniqueRoom()];
  const ada = await browser.enter(one, "Ada");
  const grace = await browser.enter(one, "Grace");
  await ada.say("in one");
  await grace.reads(grace.messages, ["in one"]);

  await grace.page.getByLabel("Another room").fill(other);
  await grace.press("Enter");
  await grace.reads(grace.people, ["Grace you"]);
  await grace.reads(grace.messages, []);
  await ada.reads(ada.people, ["Ada you"]);
  await grace.say("in the other");
  await browser.announce(one, "still in one");

  await ada.reads(ada.messages, ["in one", "still in one"]);
  await grace.reads(grace.messages, ["in the other"]);
  await grace.page.goBack();
  await grace.reads(grace.messages, ["in one", "still in one"]);
}

export async function markupInMessagesAndNamesStaysText(browser) {
  const markup = "<img src=x onerror=alert(1)><b>bold</b>";
  const ada = await browser.enter(browser.uniqueRoom(), "<i>Ada</i>");

  await ada.say(markup);

  await ada.reads(ada.messages, [markup]);
  await ada.reads(ada.people, ["<i>Ada</i> you"]);
  assert.equal(await ada.page.locator("#chat img, #chat b, #chat i").count(), 0);
}

export async function refusalsAreToldInWords(browser) {
  const tab = await browser.tab(browser.uniqueRoom());
  await tab.page.getByLabel("Your name").fill("   ");
  await tab.press("Come in");
  await tab.reads(tab.page.getByRole("alert"), ["Please choose a name of 1 to 30 characters."]);

  await tab.introduce("Ada");
  await tab.press("Go offline");
  await tab.reads(tab.notice, ["You are offline. What the others write meanwhile waits for you."]);
  await tab.page.getByLabel("Message").fill("into the void");
  await tab.press("Send");
  await tab.reads(tab.notice, ["You are offline. Go online to send this."]);

  assert.equal(await tab.page.getByLabel("Message").inputValue(), "into the void");
  await tab.press("Go online");
  await tab.press("Send");
  await tab.reads(tab.messages, ["into the void"]);
}

export async function nameCanBeChanged(browser) {
  const room = browser.uniqueRoom();
  const ada = await browser.enter(room, "Ada");
  const grace = await browser.enter(room, "Grace");
  await grace.reads(grace.people, ["Ada", "Grace you"]);

  await ada.press("Change name");
  await grace.reads(grace.people, ["Grace you"]);
  await ada.introduce("Countess of Lovelace");
  await ada.say("the same person");

  await grace.reads(grace.people, ["Countess of Lovelace", "Grace you"]);
  await grace.reads(grace.page.locator(".message .author"), ["Countess of Lovelace"]);
}

export async function announcementIsHeardByWhoeverPressedTheButton(browser) {
  const ada = await browser.enter(browser.uniqueRoom(), "Ada");

  await ada.page.getByLabel("Message").fill("Lunch at noon");
  await ada.press("Announce");

  await ada.reads(ada.messages, ["Lunch at noon"]);
  await ada.reads(ada.page.locator(".message .author"), ["Announcement"]);
}
