/** Downloads as libvirt's streams, told of as they go and given up when asked. */
import type { Stream } from "../../../virt/driver/streams.ts";
import type { TaskControl } from "../../shell/tasks.ts";

/** A bar has no use for finer steps. */
const PROGRESS_STEP = 0.002;

/** Where the bytes of a download go. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  /** As many zeroes. */
  writeHole(lengthBytes: number): Promise<void>;
  /** All of it is there when this resolves. */
  close(): Promise<void>;
  /** Nothing of it is kept. */
  abort(): Promise<void>;
}

/** The end of a download: what the other end writes to. */
export function downloadStream(sink: Sink, total: number, control: TaskControl): Stream {
  const count = counter(total, control);
  return {
    read: async () => null,
    write: async (bytes) => {
      control.signal.throwIfAborted();
      await sink.write(bytes);
      count(bytes.length);
    },
    writeHole: async (lengthBytes) => {
      control.signal.throwIfAborted();
      await sink.writeHole(lengthBytes);
      count(lengthBytes);
    },
    finish: async () => {},
    abort: () => {},
  };
}

/** Tells how far a transfer is. @param total bytes of all of it; 0 where nobody knows */
export function counter(total: number, { progress }: TaskControl): (bytes: number) => void {
  let done = 0;
  let told = 0;
  return (bytes) => {
    done += bytes;
    if (total === 0 || done - told < total * PROGRESS_STEP) return;
    told = done;
    progress(Math.min(done, total), total);
  };
}
