/** New volumes, with what is to be in them. */
import type { Connect } from "../driver/connect.ts";
import { Pipe } from "../driver/pipe.ts";
import type { StoragePoolRef, StorageVolRef } from "../driver/refs.ts";
import type { XmlElement } from "../xml/element.ts";
import { formatXml } from "../xml/format.ts";

/** What work looks at to see whether it was given up: an `AbortSignal`. */
export interface GiveUp {
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void): void;
}

/** Bytes from elsewhere. */
export interface Content {
  /** Null where nobody can tell. */
  readonly sizeBytes: number | null;
  /** The bytes in order; ends early by rejecting when `signal` is aborted. */
  read(signal: GiveUp): AsyncIterable<Uint8Array>;
}

export interface FillControl {
  readonly signal: GiveUp;
  /** Told of every piece that is on its way. */
  onBytes(count: number): void;
}

/**
 * Makes a volume and puts the bytes into it. Nothing is left of one that fails or is given up.
 *
 * @throws VmError, and what `content` or the signal rejects with
 */
export async function fillVolume(
  connect: Connect,
  pool: StoragePoolRef,
  xml: XmlElement,
  content: Content | undefined,
  control: FillControl,
): Promise<StorageVolRef> {
  control.signal.throwIfAborted();
  const volume = await connect.storageVolCreateXML(pool, formatXml(xml), 0);
  if (!content || content.sizeBytes === 0) return volume;
  try {
    await upload(connect, volume, content, control);
  } catch (error) {
    await connect.storageVolDelete(volume, 0).catch(() => {});
    throw error;
  }
  return volume;
}

async function upload(
  connect: Connect,
  volume: StorageVolRef,
  content: Content,
  { signal, onBytes }: FillControl,
): Promise<void> {
  const { driverEnd, userEnd } = new Pipe();
  const source = stoppable(signal);
  let refused: { readonly why: unknown } | null = null;
  const received = connect.storageVolUpload(volume, driverEnd, 0n, 0n, 0);
  const settled = received.catch((why: unknown) => {
    refused ??= { why };
    // What is not taken any more must not be waited for.
    source.stop(why);
    userEnd.abort();
  });
  try {
    for await (const bytes of content.read(source.signal)) {
      signal.throwIfAborted();
      await userEnd.write(bytes);
      onBytes(bytes.length);
    }
    await userEnd.finish();
  } catch (error) {
    const why = refused ?? { why: error };
    userEnd.abort();
    await settled;
    throw why.why;
  }
  await received;
}

/** A signal that is aborted with its parent, or before. */
function stoppable(parent: GiveUp): { readonly signal: GiveUp; stop(why: unknown): void } {
  const listeners: (() => void)[] = [];
  let stopped: { readonly why: unknown } | null = null;
  return {
    signal: {
      throwIfAborted: () => {
        parent.throwIfAborted();
        if (stopped) throw stopped.why;
      },
      addEventListener: (type, listener) => {
        listeners.push(listener);
        parent.addEventListener(type, listener);
      },
    },
    stop: (why) => {
      stopped = { why };
      for (const listener of listeners) listener();
    },
  };
}
