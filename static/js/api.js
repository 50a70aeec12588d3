// Requests to our API with the page's session.

function csrfToken() {
  return /(?:^|; )(?:__Host-)?csrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

/** Send JSON; `keepalive` lets the request outlive the page. Resolves to the response. */
export function send(method, path, body, { keepalive = false } = {}) {
  return fetch(`/api/v1${path}`, {
    method,
    keepalive,
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(body),
  });
}
