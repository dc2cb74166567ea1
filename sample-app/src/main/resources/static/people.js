/** Who is in the room. One person may be here from several tabs: each client is counted, each user is shown once. */
export class People {
  #list = document.getElementById("people");
  #count = document.getElementById("people-count");
  #clients = new Map();
  #changesWhileAsking = [];
  #me;

  constructor(me) {
    this.#me = me;
    this.#draw();
  }

  iAm(user) {
    this.#me = user;
    this.#draw();
  }

  // tag::load[]
  /** Asks who is here, then applies whatever changed while the answer was on its way. */
  async load(subscription) {
    const changes = (this.#changesWhileAsking = []);
    const { clients } = await subscription.presence();
    this.#clients = new Map(Object.entries(clients));
    changes.forEach((change) => change());
    this.#draw();
  }
  // end::load[]

  join(info) {
    this.#change(() => this.#clients.set(info.client, info));
  }

  leave(info) {
    this.#change(() => this.#clients.delete(info.client));
  }

  #change(change) {
    this.#changesWhileAsking.push(change);
    change();
    this.#draw();
  }

  #draw() {
    const users = new Map();
    for (const { user, connInfo } of this.#clients.values()) {
      users.set(user, connInfo?.name ?? "somebody");
    }
    this.#count.textContent = users.size || "";
    const people = [...users].sort(([, one], [, other]) => one.localeCompare(other));
    this.#list.replaceChildren(...people.map(([user, name]) => this.#row(user, name)));
  }

  #row(user, name) {
    const row = document.createElement("li");
    row.textContent = name;
    if (user === this.#me) {
      const you = document.createElement("small");
      you.textContent = " you";
      row.append(you);
    }
    return row;
  }
}
