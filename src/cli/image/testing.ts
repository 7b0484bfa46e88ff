import { MemoryNode } from "../../storage/protocol/memory-node.ts";
import { type WebCrypto, webCrypto } from "../../storage/crypto/web-crypto.ts";
import type { CryptoHost, FileHost, ImageFile } from "../../storage/ports.ts";
import { Xorshift } from "../../util/xorshift.ts";
import type { QemuIoTools } from "../qemu-io/session.ts";

class MemoryFile implements ImageFile {
  readonly #node: MemoryNode;

  constructor(node: MemoryNode) {
    this.#node = node;
  }

  get sizeBytes(): number {
    return this.#node.sizeBytes;
  }

  allocatedBytes(): number {
    return this.#node.allocatedBytes();
  }

  read(offset: number, bytes: Uint8Array): void {
    this.#node.read(offset, [bytes]);
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#node.write(offset, [bytes]);
  }

  truncate(sizeBytes: number): void {
    this.#node.truncate(sizeBytes);
  }

  flush(): void {}

  close(): void {}
}

function fail(code: string): never {
  throw Object.assign(new Error(code), { code });
}

/** Files in memory. */
export function memoryFiles(): FileHost {
  const files = new Map<string, MemoryNode>();
  const random = new Xorshift(1);
  return {
    open(path, { create = false }) {
      if (create) files.set(path, new MemoryNode());
      return new MemoryFile(files.get(path) ?? fail("ENOENT"));
    },
    exists: (path) => files.has(path),
    remove(path) {
      if (!files.delete(path)) fail("ENOENT");
    },
    identity: (path) => path,
    entropy: {
      fill(target) {
        for (let i = 0; i < target.length; i++) target[i] = random.below(256);
      },
    },
  };
}

/** The platform's cryptography: that of Node and browsers has the same name. */
function testCrypto(): CryptoHost {
  const { crypto, performance } = globalThis as unknown as {
    crypto: WebCrypto;
    performance: { now(): number };
  };
  return webCrypto({ crypto, nowMs: () => performance.now(), pause: () => Promise.resolve() });
}

/** The commands' tools over files in memory; `take` gives what was said since the last time. */
export function memoryTools(): QemuIoTools & { take(): string } {
  let said = "";
  const say = (text: string): void => {
    said += text;
  };
  return {
    files: memoryFiles(),
    web: null,
    crypto: testCrypto(),
    sockets: null,
    out: say,
    err: say,
    nowMs: () => 1_700_000_000_000,
    raise: (signal) => fail(`signal ${signal}`),
    sleep: () => Promise.resolve(),
    take() {
      const text = said;
      said = "";
      return text;
    },
  };
}
