import assert from "node:assert/strict";

export async function customersSeeTheirOrdersAndStaffSeesAllAsTheyChange(browser) {
  const ann = await logIn(browser, "ann");
  const bob = await logIn(browser, "bob");
  const sam = await logIn(browser, "sam", { width: 360, height: 640, colorScheme: "dark" });

  await order(ann, "flat white", 2);
  await order(bob, "<b>tea</b>", 1);
  await sam.reads(sam.page.locator(".what"), ["1 × <b>tea</b>", "2 × flat white"]);
  await sam.reads(sam.page.locator(".customer"), ["bob", "ann"]);
  await ann.reads(ann.page.locator(".what"), ["2 × flat white"]);

  const number = await ann.page.locator(".number").textContent();
  await sam.press(`Order ${number} is ready`);
  await ann.reads(ann.page.locator(".status"), ["Ready"]);
  await ann.reads(ann.page.locator("#news"), [`Order ${number}, 2 × flat white: Ready.`]);
  await bob.reads(bob.page.locator(".status"), ["Placed"]);
  assert.equal(await ann.page.getByRole("button", { name: /is ready/ }).count(), 0);

  for (const [tab, name] of [[ann, "orders-customer"], [sam, "orders-staff-phone"]]) {
    assert.deepEqual(await tab.sidewaysParts(), []);
    await tab.page.screenshot({ path: browser.screenshotPath(name) });
  }
  await ann.page.reload();
  await ann.reads(ann.state, ["Live"]);
  await ann.reads(ann.page.locator(".status"), ["Ready"]);
}

export async function orderThatIsRolledBackAppearsNowhere(browser) {
  const bob = await logIn(browser, "bob");
  const sam = await logIn(browser, "sam");
  const refusal = bob.page.getByRole("alert");

  // Orders of other tests may be open.
  for (let i = 1; (await refusal.textContent()) === ""; i++) {
    assert.ok(i <= 6, "more orders are open than may be");
    await bob.page.getByLabel("Item").fill(`cake ${i}`);
    await bob.page.getByRole("button", { name: "Order", exact: true }).click();
    await bob.page.waitForFunction((item) => document.activeElement.id === "item"
      && (document.getElementById("refusal").textContent !== "" || document.getElementById("orders").textContent.includes(item)), `cake ${i}`);
  }

  await bob.reads(refusal, ["You have 5 open orders already."]);
  const refused = await bob.page.getByLabel("Item").inputValue();
  const open = await bob.page.locator("[data-status=PLACED]").count();
  assert.equal(open, 5);
  for (const tab of [bob, sam]) assert.equal(await tab.page.getByText(`1 × ${refused}`).count(), 0);
  assert.equal(browser.complaints.splice(0).filter((complaint) => !complaint.includes("409")).length, 0);
}

export async function logOutInOneTabEndsTheOther(browser) {
  const ann = await logIn(browser, "ann");
  const other = await ann.page.context().newPage();
  await other.goto(`${browser.url}/logout`);

  await other.getByRole("button", { name: "Log Out" }).click();

  await ann.page.waitForURL(/\/login/);
}

/** Each user has a profile of its own, since a profile has one session. */
async function logIn(browser, name, options) {
  const tab = await (await browser.another()).tab("", options);
  await tab.page.locator("#username").fill(name);
  await tab.page.locator("#password").fill(name);
  await tab.page.locator("button[type=submit]").click();
  await tab.reads(tab.state, ["Live"]);
  return tab;
}

async function order(tab, item, quantity) {
  await tab.page.getByLabel("Item").fill(item);
  await tab.page.getByLabel("Quantity").fill(String(quantity));
  await tab.press("Order");
  await tab.reads(tab.page.locator(".what").first(), [`${quantity} × ${item}`]);
}
