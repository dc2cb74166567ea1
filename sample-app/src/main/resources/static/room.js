import { People } from "./people.js";
import { Timeline } from "./timeline.js";
import { inWords } from "./words.js";

const STAFF_ONLY = "This room is for the staff. Log in as sam, with the password sam.";

/** One room: a subscription to the channel chat:NAME, or staff:room, and what it brings shown on the page. */
export class Room {
  #centrifuge;
  #subscription;
  #people;
  #timeline;
  #tell;
  #caughtUp = null;

  constructor(centrifuge, name, me, tell, close) {
    this.name = name;
    this.#centrifuge = centrifuge;
    this.#people = new People(me);
    this.#timeline = new Timeline(me);
    this.#tell = tell;
    this.#subscription = centrifuge
      .newSubscription(name === "staff" ? "staff:room" : `chat:${name}`)
      .on("subscribed", (context) => this.#entered(context))
      .on("unsubscribed", (context) => {
        if (context.code === 0) return;
        close();
        tell(name === "staff" ? STAFF_ONLY : inWords(context));
      })
      .on("publication", (publication) => this.#heard(publication))
      .on("join", ({ info }) => this.#people.join(info))
      .on("leave", ({ info }) => this.#people.leave(info));
    this.#subscription.subscribe();
  }

  async say(text) {
    await this.#subscription.publish({ text, at: new Date().toISOString() });
  }

  /** Which of those here is the one at the screen. */
  iAm(user) {
    this.#people.iAm(user);
    this.#timeline.iAm(user);
  }

  leave() {
    this.#subscription.removeAllListeners();
    this.#centrifuge.removeSubscription(this.#subscription);
  }

  // tag::entered[]
  async #entered({ wasRecovering, recovered }) {
    try {
      if (wasRecovering && recovered) {
        this.#catchUp();
      } else {
        await this.#readHistory(wasRecovering);
      }
      await this.#people.load(this.#subscription);
    } catch (error) {
      if (this.#subscription.state === "subscribed") this.#tell(inWords(error));
    }
  }
  // end::entered[]

  /** The SDK hands over what was missed right after the event that said it was recovered, before anything else runs. */
  #catchUp() {
    const remark = this.#timeline.remark("");
    const rows = (this.#caughtUp = []);
    queueMicrotask(() => {
      this.#caughtUp = null;
      rows.forEach((row) => row.classList.add("caught-up"));
      remark.textContent = welcomeBack(rows.length);
    });
  }

  async #readHistory(afterALongTime) {
    this.#timeline.clear();
    const { publications } = await this.#subscription.history({ limit: 100 });
    this.#timeline.fill(publications);
    if (afterALongTime) this.#timeline.remark("You were away too long for all of it. These are the latest messages.");
  }

  #heard(publication) {
    const row = this.#timeline.add(publication);
    if (row) this.#caughtUp?.push(row);
  }
}

function welcomeBack(missed) {
  if (missed === 0) return "You are back. Nothing was missed.";
  return `You are back. You missed ${missed} ${missed === 1 ? "message" : "messages"}, here in order.`;
}
