const LONGEST = 500;

/**
 * The messages of a room, in the order of the stream. Each publication carries its offset, a number that counts up by
 * one, so putting messages in order and ignoring one that is known already needs nothing else.
 */
export class Timeline {
  #scroller = document.getElementById("scroller");
  #list = document.getElementById("messages");
  #quiet = document.getElementById("quiet");
  #me;

  constructor(me) {
    this.#me = me;
    this.clear();
  }

  iAm(user) {
    this.#me = user;
  }

  clear() {
    this.#list.replaceChildren();
    this.#quiet.hidden = true;
  }

  /** Shows history, which screen readers are not to read out as news. */
  fill(publications) {
    this.#scroller.ariaBusy = "true";
    publications.forEach((publication) => this.add(publication));
    this.#scroller.ariaBusy = "false";
    this.#quiet.hidden = this.#list.childElementCount > 0;
  }

  /** Shows a message in its place. Returns its row, or null if it is known already. */
  add(publication) {
    let next = null;
    for (let row = this.#list.lastElementChild; row; row = row.previousElementSibling) {
      const offset = Number(row.dataset.offset);
      if (offset === publication.offset) return null;
      if (offset < publication.offset) break;
      if (offset > publication.offset) next = row;
    }
    return this.#insert(this.#row(publication), next);
  }

  /** Draws a line with a remark, after everything shown so far. */
  remark(text) {
    const row = document.createElement("li");
    row.className = "remark";
    row.textContent = text;
    return this.#insert(row, null);
  }

  #insert(row, next) {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    const readingTheEnd = scrollHeight - scrollTop - clientHeight < 60;
    this.#list.insertBefore(row, next);
    while (this.#list.childElementCount > LONGEST) this.#list.firstElementChild.remove();
    this.#quiet.hidden = true;
    if (readingTheEnd) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    return row;
  }

  #row({ offset, data, info }) {
    const row = document.createElement("li");
    row.dataset.offset = offset;
    row.className = info ? "message" : "message announcement";
    row.classList.toggle("mine", info?.user === this.#me);
    row.append(
      element("span", "author", info ? (info.connInfo?.name ?? "somebody") : "Announcement"),
      element("p", "said", String(data?.text ?? "")),
      time(data?.at),
      element("span", "offset", offset),
    );
    return row;
  }
}

/** Text from others only ever becomes text, never markup. */
function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function time(at) {
  const date = new Date(at);
  const made = element("time", "at", "");
  if (!Number.isNaN(date.getTime())) {
    made.dateTime = date.toISOString();
    made.textContent = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  }
  return made;
}
