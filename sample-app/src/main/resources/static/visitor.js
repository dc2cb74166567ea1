/** Who sits in this tab: kept until the tab closes, so that a reload is the same person and a second tab another one. */

export const visitor = {
  user: sessionStorage.getItem("user") ?? newId(),
  name: sessionStorage.getItem("name") ?? "",
};

export function rename(name) {
  visitor.name = name;
  sessionStorage.setItem("user", visitor.user);
  sessionStorage.setItem("name", name);
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
