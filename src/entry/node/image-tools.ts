import { createInterface } from "node:readline";
import { writeSync } from "node:fs";
import { constants } from "node:os";
import { nodeFiles } from "../../host/node/image-files.ts";
import { hostCrypto } from "../../host/web/crypto.ts";
import { nodeSockets } from "../../host/node/sockets.ts";
import { nodeWebImages } from "../../host/node/web-images.ts";
import type { QemuIoTools } from "../../cli/qemu-io/session.ts";

/** As much as C's library keeps back of what goes to a pipe or a file. */
const BUFFER_CHARS = 4096;

/** Standard output: kept back until there is much of it, unless a person looks on. */
class Output {
  #pending = "";

  write(text: string): void {
    this.#pending += text;
    if (process.stdout.isTTY || this.#pending.length >= BUFFER_CHARS) this.flush();
  }

  flush(): void {
    const text = this.#pending;
    this.#pending = "";
    writeAll(1, text);
  }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const { code } = error as { code?: string };
      // A pipe that is full is tried again; one that nobody reads swallows the rest.
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
    }
  }
}

/** The image commands' tools; the output must be flushed at the end. */
export interface NodeImageTools extends QemuIoTools {
  flush(): void;
}

/** The terminal and the files of this process, for the image commands. */
export function nodeImageTools(): NodeImageTools {
  const output = new Output();
  let lines: AsyncIterator<string> | undefined;
  return {
    files: nodeFiles,
    web: nodeWebImages,
    crypto: hostCrypto,
    sockets: nodeSockets,
    out: (text) => output.write(text),
    flush: () => output.flush(),
    err: (text) => writeAll(2, text),
    nowMs: () => performance.timeOrigin + performance.now(),
    async readLine() {
      output.flush();
      lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
      const { done, value } = await lines.next();
      return done === true ? null : value;
    },
    raise(signal) {
      output.flush();
      const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
      process.kill(process.pid, name ?? "SIGABRT");
      // The signal comes at once; nothing may happen after it.
      for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    },
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}
