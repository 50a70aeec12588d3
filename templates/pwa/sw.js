// The service worker: our own static files and the page "offline", and never anything personal.
const VERSION = "{{ version }}", OFFLINE = "{{ offline }}", FILES = {{ files|safe }};
const HASHED = /\.[0-9a-f]{12}\.\w+$/;

addEventListener("install", (event) => {
  // Past us and straight to the network: what a closing page sends would be lost on the way through.
  event.addRoutes?.({ condition: { urlPattern: "/api/*" }, source: "network" });
  const offline = new Request(OFFLINE, { credentials: "omit" });
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll([offline, ...FILES])));
});

// An update waits until the last page of the old version is closed; then the old files go.
addEventListener("activate", (event) => {
  const clean = (names) => Promise.all(names.map((name) => name !== VERSION && caches.delete(name)));
  event.waitUntil(caches.keys().then(clean).then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.url.startsWith(origin + "{{ static }}")) event.respondWith(file(request));
  else if (request.mode === "navigate" || request.headers.has("HX-Boosted")) {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE, { ignoreVary: true })));
  }
});

// A file with its hash in its name never changes; any other is asked for, and kept for later.
async function file(request) {
  const cache = await caches.open(VERSION);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept && HASHED.test(request.url)) return kept;
  const response = await fetch(request).catch(() => kept ?? Response.error());
  if (response.status === 200) await cache.put(request, response.clone());
  return response;
}
