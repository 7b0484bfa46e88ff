/** The web by `fetch`, which browsers and Node have alike. */
import type { WebHost, WebResponse } from "../../storage/ports.ts";

/** A server that sends nothing for so long is given up. */
const SILENCE_MS = 30_000;

export const fetchWeb: WebHost = {
  async request(method, address, headers) {
    const { url, authorization } = withoutUser(address);
    const watch = new Watch();
    try {
      const response = await fetch(url, {
        method,
        headers: { ...headers, ...authorization },
        signal: watch.signal,
        // What is kept is our own business: browsers' caches do not know about pinning.
        cache: "no-store",
      });
      return new FetchResponse(response, watch);
    } catch (error) {
      watch.end();
      throw error;
    }
  },
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** Aborts a request when there was no sign of life for a while. */
class Watch {
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.alive();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  alive(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.abort("Connection timed out"), SILENCE_MS);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  abort(why: string): void {
    this.end();
    this.#controller.abort(new Error(why));
  }
}

class FetchResponse implements WebResponse {
  readonly status: number;
  readonly #response: Response;
  readonly #watch: Watch;

  constructor(response: Response, watch: Watch) {
    this.status = response.status;
    this.#response = response;
    this.#watch = watch;
  }

  header(name: string): string | null {
    return this.#response.headers.get(name);
  }

  async body(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    try {
      const reader = this.#response.body?.getReader();
      for (;;) {
        const piece = await reader?.read();
        if (piece === undefined || piece.done) break;
        this.#watch.alive();
        pieces.push(piece.value);
        length += piece.value.length;
      }
    } finally {
      this.#watch.end();
    }
    return joined(pieces, length);
  }

  cancel(): void {
    this.#watch.abort("not wanted any more");
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** `fetch` refuses addresses with a user and a password: they become a header (RFC 7617). */
function withoutUser(address: string): { url: string; authorization: Record<string, string> } {
  const url = new URL(address);
  if (url.username === "" && url.password === "") return { url: address, authorization: {} };
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = "";
  url.password = "";
  const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(user)));
  return { url: url.href, authorization: { Authorization: `Basic ${base64}` } };
}
