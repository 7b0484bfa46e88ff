/**
 * The service worker: it keeps the page for when there is no network, and isolates it on servers that do not
 * send the headers.
 */

/** Set while the page reloads to come under the service worker, so that it does so only once. */
const TRIED = "tabvisor.isolation";

/** A script this small is there at once or not at all. */
const READY_MS = 3000;
/** Where browsers do not tell when they are idle. */
const LATER_MS = 2000;

/**
 * Registers the service worker where it can help.
 *
 * @returns whether the page is about to reload: there is nothing more to do in this one
 */
export async function ensureIsolation(): Promise<boolean> {
  if (crossOriginIsolated) {
    forget();
    return false;
  }
  if (!isSecureContext || !("serviceWorker" in navigator) || triedBefore()) return false;
  try {
    await register();
  } catch {
    return false;
  }
  if (!(await activated())) return false;
  location.reload();
  return true;
}

/** Has the page kept, once it is there and the browser has nothing better to do. */
export function keepForOffline(): void {
  if (!isSecureContext || !("serviceWorker" in navigator)) return;
  // Without it the page works while there is a network.
  const start = (): void => void register().catch(() => {});
  if ("requestIdleCallback" in globalThis) requestIdleCallback(start);
  else setTimeout(start, LATER_MS);
}

async function register(): Promise<void> {
  await navigator.serviceWorker.register(new URL("service-worker.js", document.baseURI));
}

/** `ready` waits for ever where an extension or a policy keeps service workers out. */
async function activated(): Promise<boolean> {
  const ready = navigator.serviceWorker.ready.then(() => true);
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), READY_MS));
  return Promise.race([ready, late]);
}

function triedBefore(): boolean {
  try {
    if (sessionStorage.getItem(TRIED) !== null) return true;
    sessionStorage.setItem(TRIED, "1");
    return false;
  } catch {
    // Without storage nothing would stop an endless reload.
    return true;
  }
}

function forget(): void {
  try {
    sessionStorage.removeItem(TRIED);
  } catch {
    // Nothing was stored.
  }
}
