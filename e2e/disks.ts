/** Disks of machines in the page: files of the origin private file system below `host`. */
import type { Page } from "@playwright/test";
import type { DomainDefinition } from "../src/virt/domain.ts";

export const IMAGES = "/var/lib/libvirt/images";

/** Makes a file with these bytes, or empty and as long as said, and its directories. */
export async function makeFile(
  page: Page,
  path: string,
  contents: number | Uint8Array,
): Promise<void> {
  const sizeBytes = typeof contents === "number" ? contents : contents.length;
  const base64 = typeof contents === "number" ? "" : Buffer.from(contents).toString("base64");
  const names = path.split("/").filter((name) => name !== "");
  await page.evaluate(makeHere, { names, sizeBytes, base64 });
}

interface NewFile {
  readonly names: string[];
  readonly sizeBytes: number;
  readonly base64: string;
}

/** In the page. */
async function makeHere({ names, sizeBytes, base64 }: NewFile): Promise<void> {
  let directory = await navigator.storage.getDirectory();
  const name = names.pop() as string;
  for (const each of ["host", ...names]) {
    directory = await directory.getDirectoryHandle(each, { create: true });
  }
  const file = await directory.getFileHandle(name, { create: true });
  const writable = await file.createWritable();
  await writable.write(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  await writable.truncate(sizeBytes);
  await writable.close();
}

/** Writes a definition where the page keeps them; the page is to be loaded again. */
export async function define(page: Page, definition: DomainDefinition): Promise<void> {
  await page.evaluate(
    async ({ uuid, text }) => {
      let directory = await navigator.storage.getDirectory();
      for (const name of ["etc", "libvirt", "qemu"]) {
        directory = await directory.getDirectoryHandle(name, { create: true });
      }
      const file = await directory.getFileHandle(`${uuid}.json`, { create: true });
      const writable = await file.createWritable();
      await writable.write(text);
      await writable.close();
    },
    { uuid: definition.uuid, text: JSON.stringify({ form: 1, definition }) },
  );
}

/** The built shell guest with these disks. */
export function shellWith(
  name: string,
  disks: NonNullable<DomainDefinition["disks"]>,
): DomainDefinition {
  return {
    uuid: "6f0f63ae-6b4e-4bb8-93a5-0d5a8d0c1a01",
    name,
    memoryBytes: 256 * 2 ** 20,
    vcpus: 1,
    boot: { kind: "guest", guest: "shell", commandLine: { kind: "fast" } },
    disks,
  };
}
