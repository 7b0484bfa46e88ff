/** Pools' definitions as JSON files in a directory, one a pool. */
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PoolDefinition } from "../../virt/storage/pool.ts";
import type { PoolStore } from "../../virt/storage/ports.ts";

/** Raised when the files' form changes; files of a newer form are left alone. */
const FORM = 1;

interface StoredPool {
  readonly form: number;
  readonly definition: PoolDefinition;
}

/** @param directory made when it is first written to */
export function poolFiles(directory: string): PoolStore {
  const fileOf = (uuid: string): string => join(directory, `${uuid}.json`);
  return {
    async load() {
      const names = await readdir(directory).catch(() => null);
      if (names === null) return null;
      const files = names.filter((name) => name.endsWith(".json"));
      const found = await Promise.all(files.map((name) => readPool(join(directory, name))));
      return found.filter((definition) => definition !== null);
    },
    async save(definition) {
      await mkdir(directory, { recursive: true });
      await replaceFile(fileOf(definition.uuid), JSON.stringify({ form: FORM, definition }));
    },
    remove: (uuid) => rm(fileOf(uuid), { force: true }),
    touch() {},
    watch() {},
  };
}

/** Damaged files, and those of a newer form, are skipped. */
async function readPool(path: string): Promise<PoolDefinition | null> {
  try {
    const stored = JSON.parse(await readFile(path, "utf8")) as StoredPool;
    return stored.form === FORM ? stored.definition : null;
  } catch {
    return null;
  }
}

/** After a crash the old contents are there, or the new ones. */
async function replaceFile(path: string, text: string): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  const file = await open(part, "w");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
}
