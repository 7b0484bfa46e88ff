/**
 * Keeps the page for when there is no network, and adds the headers of cross-origin isolation to this
 * page's own answers, for servers that cannot be told to send them (static hosting).
 */

/** Written by the build: the page's files, and a name that changes with them. */
const FILES = /* files */ [];
const VERSION = /* version */ "development";

const PAGE = `page ${VERSION}`;
/** Kernels and disks of guests, as they were last seen. */
const GUESTS = "guests";
/** A network that is slower than this is no network, where there is another answer. */
const PATIENCE_MS = 4000;
/** Scripts are asked for with other headers than the list of files was. */
const HOWEVER_ASKED = { ignoreVary: true };

self.addEventListener("install", (event) => {
  // The first one serves its page at once; later ones wait until nobody uses the files of the one before.
  if (!self.registration.active) self.skipWaiting();
  event.waitUntil(caches.open(PAGE).then((cache) => cache.addAll(FILES)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

async function forgetOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("page ") && name !== PAGE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  // Such a request is answered from the cache or not at all; fetching it would be an error.
  if (request.cache === "only-if-cached" && request.mode !== "same-origin") return;
  if (new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(answer(request).then(isolated));
});

function answer(request) {
  const path = new URL(request.url).pathname;
  if (request.method !== "GET" && request.method !== "HEAD") return fetch(request);
  if (path.includes("/guests/")) return freshGuest(request);
  // Their names change with their contents.
  if (path.includes("/assets/")) return kept(request);
  return freshOrKept(request);
}

async function kept(request) {
  return (await caches.match(request, HOWEVER_ASKED)) ?? fetch(request);
}

async function freshOrKept(request) {
  const page = request.mode === "navigate" ? "./" : request;
  const known = await caches.match(page, { ...HOWEVER_ASKED, ignoreSearch: true });
  if (!known) return fetch(request);
  const late = new Promise((resolve) => setTimeout(() => resolve(known.clone()), PATIENCE_MS));
  const fresh = fetch(request).then(
    (response) => (response.ok ? response : known.clone()),
    () => known.clone(),
  );
  return Promise.race([fresh, late]);
}

/** Whole files are kept; parts of disks are kept by whoever asks for them. */
async function freshGuest(request) {
  try {
    const response = await fetch(request);
    const isWhole = request.method === "GET" && response.status === 200;
    if (isWhole && !request.headers.has("range")) await keep(request, response.clone());
    return response;
  } catch (error) {
    const known = await caches.match(request.url, { ...HOWEVER_ASKED, cacheName: GUESTS });
    if (!known) throw error;
    return request.method === "HEAD" ? new Response(null, known) : known;
  }
}

async function keep(request, response) {
  try {
    const cache = await caches.open(GUESTS);
    await cache.put(request.url, response);
  } catch {
    // A full quota: it works while there is a network.
  }
}

function isolated(response) {
  // Opaque answers show no headers and take none.
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
