/** In a worker of a page: what can be done with files of the origin private file system. */
import { opfsDirectories } from "../../src/host/browser/opfs-directories.ts";
import { opfsFiles } from "../../src/host/browser/opfs-files.ts";
import { FileNode } from "../../src/storage/protocol/file-node.ts";
import type { ImageFile } from "../../src/storage/ports.ts";
import { Xorshift } from "../../src/util/xorshift.ts";

const HOME = "/var/lib/libvirt/images";
const SIZE_BYTES = 300_000;
const MIB = 2 ** 20;

const kept: ImageFile[] = [];

async function fresh(name: string): Promise<ImageFile> {
  await opfsDirectories.mkdir(HOME, { recursive: true });
  return opfsFiles.open(`${HOME}/${name}`, { write: true, create: true });
}

/** Runs `work`; the errno that it fails with, else `ok`. */
async function errnoOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return "ok";
  } catch (error) {
    return (error as { errno?: string }).errno ?? String(error);
  }
}

const operations = {
  /** Random operations, with shared memory or without; the offsets at which a read went wrong. */
  async mirror(shared: boolean): Promise<number[]> {
    const node = new FileNode(await fresh(`mirror-${shared}`), false);
    await node.truncate(SIZE_BYTES);
    const shadow = new Uint8Array(SIZE_BYTES);
    const random = new Xorshift(7);
    const wrong: number[] = [];
    for (let i = 0; i < 400; i++) {
      const at = random.below(SIZE_BYTES);
      const length = Math.min(random.below(70_000), SIZE_BYTES - at);
      const buffer = shared ? new SharedArrayBuffer(length) : new ArrayBuffer(length);
      const bytes = new Uint8Array(buffer);
      if (i % 2 === 0) {
        bytes.fill(random.below(256));
        await node.write(at, [bytes]);
        shadow.set(bytes, at);
      } else {
        await node.read(at, [bytes]);
        if (bytes.some((byte, index) => byte !== shadow[at + index])) wrong.push(at);
      }
    }
    await node.flush();
    await node.close();
    return wrong;
  },

  /** Writes a text into a file of the directory for images. */
  async write({ name, text }: { name: string; text: string }): Promise<number> {
    const file = await fresh(name);
    await file.write(0, new TextEncoder().encode(text));
    await file.flush();
    await file.close();
    return file.sizeBytes;
  },

  async read(name: string): Promise<string> {
    const file = await opfsFiles.open(`${HOME}/${name}`, { write: false });
    const bytes = new Uint8Array(file.sizeBytes);
    await file.read(0, bytes);
    await file.close();
    return new TextDecoder().decode(bytes);
  },

  /** Opens a file and keeps it. */
  hold: ({ name, write }: { name: string; write: boolean }): Promise<string> =>
    errnoOf(async () => kept.push(await opfsFiles.open(`${HOME}/${name}`, { write }))),

  async letGo(): Promise<void> {
    for (const file of kept.splice(0)) await file.close();
  },

  /** Writes until nothing more is taken; and that what was written can be read, and removed. */
  async fill(name: string): Promise<{ errno: string; writtenBytes: number; reads: boolean }> {
    const file = await fresh(name);
    const chunk = new Uint8Array(MIB).fill(5);
    let writtenBytes = 0;
    const errno = await errnoOf(async () => {
      for (; writtenBytes < 512 * MIB; writtenBytes += MIB) await file.write(writtenBytes, chunk);
    });
    const last = new Uint8Array(MIB);
    await file.read(writtenBytes - MIB, last);
    await file.close();
    return { errno, writtenBytes, reads: last.every((byte) => byte === 5) };
  },

  /** Room that was made by removing a file can be used. */
  async goOn(name: string): Promise<string> {
    await opfsFiles.remove(`${HOME}/${name}`);
    return errnoOf(async () => {
      const file = await fresh("after");
      await file.write(0, new Uint8Array(MIB));
      await file.close();
    });
  },

  async directories(): Promise<Record<string, unknown>> {
    const root = "/tmp/dirs";
    const { list, mkdir, stat, remove, rename } = opfsDirectories;
    await mkdir(`${root}/a/b`, { recursive: true });
    const file = await opfsFiles.open(`${root}/a/f`, { write: true, create: true });
    await file.write(0, new Uint8Array(100));
    await file.close();
    const entries = await list(`${root}/a`);
    const seen = entries.map(({ name, kind, sizeBytes }) => `${kind} ${name} ${sizeBytes}`).sort();
    const errors = {
      twice: await errnoOf(() => mkdir(`${root}/a`)),
      overFile: await errnoOf(() => mkdir(`${root}/a/f`)),
      orphan: await errnoOf(() => mkdir(`${root}/x/y`)),
      full: await errnoOf(() => remove(`${root}/a`)),
      missing: await errnoOf(() => stat(`${root}/no`)),
      isDirectory: await errnoOf(() => opfsFiles.open(`${root}/a`, { write: false })),
      notDirectory: await errnoOf(() => opfsFiles.open(`${root}/a/f/g`, { write: false })),
      noFile: await errnoOf(() => opfsFiles.open(`${root}/no`, { write: false })),
    };
    const other = await opfsFiles.open(`${root}/g`, { write: true, create: true });
    await other.close();
    const move = await errnoOf(() => rename(`${root}/a/f`, `${root}/g`));
    const moved = (await stat(`${root}/g`)).sizeBytes;
    await remove(root, { recursive: true });
    return { seen, errors, move, moved, gone: await errnoOf(() => stat(root)) };
  },
};

export type Operations = typeof operations;

interface Call {
  readonly name: keyof Operations;
  readonly argument: never;
}

globalThis.addEventListener("message", ({ data }: MessageEvent<Call>) => {
  void (operations[data.name] as (argument: never) => Promise<unknown>)(data.argument).then(
    (value) => postMessage({ value }),
    (error: unknown) =>
      postMessage({ error: `${String(error)} ${String((error as Error).cause)}` }),
  );
});
