/** The list of orders, newest first. An order has a version, so that a change that comes late or twice is ignored. */
export class Board {
  #page;
  #finish;

  /** @param finish called with an order that is to be marked as ready; null for those who may not do that */
  constructor(page, finish) {
    this.#page = page;
    this.#finish = finish;
    page.orders.classList.toggle("staff", finish !== null);
  }

  /** Shows orders that were there before, which are no news. */
  fill(orders) {
    for (const order of orders) this.#put(order);
    this.#page.none.hidden = this.#page.orders.childElementCount > 0;
  }

  /** Shows an order that is new or has changed, and says so to screen readers. */
  show(order) {
    const row = this.#put(order);
    if (!row) return;
    this.#page.none.hidden = true;
    this.#page.news.textContent = `Order ${order.id}, ${text(order)}: ${words(order)}.`;
    row.classList.add("changed");
  }

  /** Puts an order in its place. Returns its row, or null if this version or a newer one is shown already. */
  #put(order) {
    const rows = [...this.#page.orders.children];
    const old = rows.find((row) => Number(row.dataset.id) === order.id);
    if (old && Number(old.dataset.version) >= order.version) return null;
    const row = this.#row(order);
    if (old) old.replaceWith(row);
    else this.#page.orders.insertBefore(row, rows.find((other) => Number(other.dataset.id) < order.id) ?? null);
    return row;
  }

  #row(order) {
    const row = document.createElement("li");
    row.dataset.id = order.id;
    row.dataset.version = order.version;
    row.dataset.status = order.status;
    row.append(element("span", "number", order.id), element("span", "what", text(order)));
    if (this.#finish) row.append(element("span", "customer", order.customer));
    row.append(element("span", "status", words(order)));
    if (this.#finish && order.status === "PLACED") {
      const ready = element("button", "", "Ready");
      ready.type = "button";
      ready.ariaLabel = `Order ${order.id} is ready`;
      ready.addEventListener("click", () => this.#finish(order));
      row.append(ready);
    }
    return row;
  }
}

function text({ quantity, item }) {
  return `${quantity} × ${item}`;
}

function words({ status }) {
  return status === "READY" ? "Ready" : "Placed";
}

/** Text from others only ever becomes text, never markup. */
function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
