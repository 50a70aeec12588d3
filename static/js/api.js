// Requests to our API with the page's session. Ratings and plays survive a lost network: they are
// kept on this device, for this account alone, and sent once it is back.

const KEPT = /^\/(plays|songs\/[^/]+\/rating)/;

/** Whose page this is. */
export const { account } = document.querySelector("offline-notice").dataset;

let opened;
let left = 0;

/** Send JSON or a form; resolves to the response. */
export function ask(method, path, body, options) {
  const json = body && !body.append;
  const headers = { "X-CSRFToken": /csrf=([^;]+)/.exec(document.cookie)?.[1], "X-Account": account };
  if (json) headers["Content-Type"] = "application/json";
  return fetch(`/api/v1${path}`, { method, headers, body: json ? JSON.stringify(body) : body, ...options });
}

/**
 * Send JSON; `keepalive` lets the request outlive the page. Resolves to the response, which says 202
 * where a rating or a play is kept for later.
 */
export async function send(method, path, body, options) {
  if (path === "/plays") body = { id: crypto.randomUUID?.(), ...body };
  const kept = KEPT.test(path);
  try {
    // What waits goes first: a play must have begun before it can end.
    if (!left || !kept) return await ask(method, path, body, options);
  } catch (error) {
    if (!kept) throw error;
  }
  await keep(method, path, body);
  return Response.json(body, { status: 202 });
}

/** Keep a request; one that begins or rates something says when that was. */
function keep(method, path, body) {
  const at = new Date().toISOString();
  left += 1;
  if (!body) path += `?at=${at}`;
  else if (method !== "PATCH") body = { at, ...body };
  return stored((kept) => kept.add({ method, path, body })).catch((error) => {
    left -= 1;
    throw error;
  });
}

/** Send what waits, oldest first; the server takes each but once. Resolves to how many went. */
export async function flush() {
  const before = left;
  const things = await stored((kept) => kept.getAll());
  left += things.length - before; // what was kept since then still waits
  for (const { key, method, path, body } of things) {
    const { status } = await ask(method, path, body);
    // Signed out, somebody else by now, too fast, or broken: later. Any other answer is final.
    if (status > 499 || [401, 403, 409, 429].includes(status)) break;
    await stored((kept) => kept.delete(key));
    left -= 1;
  }
  return things.length - left;
}

/** Run one request on this account's kept things; resolves to its result. */
export async function stored(deed) {
  if (!opened) {
    const request = indexedDB.open(`kept-${account}`);
    request.onupgradeneeded = () => request.result.createObjectStore("kept", { keyPath: "key", autoIncrement: true });
    opened = settled(request);
  }
  return settled(deed((await opened).transaction("kept", "readwrite").objectStore("kept")));
}

const settled = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = failed;
  });
