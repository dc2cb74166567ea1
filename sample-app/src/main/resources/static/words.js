/** What the server's codes mean to the person at the screen. */

const sentences = {
  1: "The server did not answer in time.",
  2: "The connection was lost.",
  102: "There is no such room.",
  103: "That is not allowed here.",
  106: "You are in too many rooms.",
  107: "The server did not understand that.",
  108: "This room does not offer that.",
  111: "That was a little fast. Wait a moment.",
  1000: "Please choose a name of 1 to 30 characters.",
  3503: "The server asked you to leave.",
  3504: "You are connected too many times.",
};

/** One sentence about an error, an unsubscribe or a disconnect: anything with a code. */
export function inWords({ code, message, reason }) {
  return sentences[code] ?? `The server said: ${message ?? reason ?? "something went wrong"}.`;
}
