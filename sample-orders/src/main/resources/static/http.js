/** Requests to the application, which sends who is not logged in to the form. */

export async function get(path) {
  return await read(await fetch(path));
}

/** Posts a form with the CSRF token, which Spring Security keeps in a cookie. */
export async function post(path, form = []) {
  const token = document.cookie.match(/(?:^|; )XSRF-TOKEN=([^;]*)/)?.[1] ?? "";
  const headers = { "X-XSRF-TOKEN": decodeURIComponent(token) };
  return await read(await fetch(path, { method: "POST", headers, body: new URLSearchParams(form) }));
}

async function read(answer) {
  if (answer.redirected || answer.status === 401) location.assign("login");
  if (answer.ok) return await answer.json();
  const problem = await answer.json().catch(() => ({}));
  throw new Error(problem.detail ?? `The application answered with status ${answer.status}.`);
}
