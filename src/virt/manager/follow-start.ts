/** A machine's start, told of while it loads what it boots and given up when asked. */
import type { Connect } from "../driver/connect.ts";
import type { WorkControl } from "./follow-volume.ts";

/**
 * Does work that starts a machine by one call. A start that is given up leaves the machine shut off; libvirt,
 * too, ends a start by virDomainDestroy.
 *
 * @throws what the work throws; AbortError where it was given up too late for the driver to notice
 */
export async function followStart<T>(
  connect: Connect,
  uuid: string,
  { signal, progress }: WorkControl,
  work: () => Promise<T>,
): Promise<T> {
  // A connection that does not tell starts the machine all the same.
  const stop = await connect
    .connectDomainLoads(({ domain, doneBytes, totalBytes }) => {
      if (domain.uuid === uuid) progress(doneBytes, totalBytes);
    })
    .catch(() => () => {});
  const end = async (): Promise<void> => {
    await connect.domainDestroyFlags(await connect.domainLookupByUUID(uuid), 0);
  };
  let isOver = false;
  let isGivenUp = false;
  try {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => {
      isGivenUp = !isOver;
      // Refused before the machine is there: it is ended below.
      if (isGivenUp) void end().catch(() => {});
    });
    const started = await work();
    if (isGivenUp) {
      await end().catch(() => {});
      signal.throwIfAborted();
    }
    return started;
  } finally {
    isOver = true;
    stop();
  }
}
