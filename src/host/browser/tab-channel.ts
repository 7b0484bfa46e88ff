/**
 * Messages between two tabs of this origin. Each end holds a Web Lock with its name, so that the other
 * one learns at once when it is gone, however it went.
 */
import type { Channel } from "../../virt/remote/messages.ts";

type Packet = { readonly message: unknown } | "close";

/** Takes a lock that nobody else wants. @returns what releases it */
export function holdLock(name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const hold = (): Promise<void> => new Promise((release) => resolve(release));
    navigator.locks.request(name, hold).catch(reject);
  });
}

/**
 * One end of the channel `name`.
 *
 * @param release gives back the lock of this end, which was taken before
 * @param other the lock that the other end holds already
 */
export function tabChannel<In, Out>(
  name: string,
  release: () => void,
  other: string,
): Channel<In, Out> {
  const broadcast = new BroadcastChannel(name);
  const ended = new AbortController();
  let listener: (message: In) => void = () => {};
  let told: () => void = () => {};
  const close = (): void => {
    if (ended.signal.aborted) return;
    ended.abort();
    broadcast.close();
    release();
    told();
  };
  navigator.locks.request(other, { signal: ended.signal }, close).catch(() => {});
  broadcast.addEventListener("message", ({ data }: MessageEvent<Packet>) => {
    if (data === "close") close();
    else listener(data.message as In);
  });
  return {
    send: (message) => {
      if (!ended.signal.aborted) broadcast.postMessage({ message } satisfies Packet);
    },
    onMessage: (next) => (listener = next),
    onClose: (next) => (told = next),
    close: () => {
      if (!ended.signal.aborted) broadcast.postMessage("close" satisfies Packet);
      close();
    },
  };
}
