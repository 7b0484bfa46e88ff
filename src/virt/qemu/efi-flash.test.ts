import { expect, it } from "vitest";
import { efiFlash, nvramPath } from "./efi-flash.ts";

const efi = {
  name: "efi",
  code: { path: "code.fd", sizeBytes: 4 },
  vars: { path: "vars.fd", sizeBytes: 4 },
};

function sources(persistent: boolean) {
  const progress: number[] = [];
  return {
    progress,
    images: { persistent },
    guests: {
      efi: async () => efi,
      load: async (_: unknown, { path }: { path: string }, { onBytes }: Loading) => {
        onBytes(4);
        const bytes = new TextEncoder().encode(path);
        return { kind: "blob", name: path, blob: new Blob([bytes]) } as const;
      },
    },
    onProgress: (done: number) => void progress.push(done),
    signal: new AbortController().signal,
  };
}

interface Loading {
  readonly onBytes: (count: number) => void;
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

it("puts EDK2 into one bank and the domain's variables into the other", async () => {
  const from = sources(true);
  const { drives, flash } = await efiFlash("my vm", from);
  expect(flash).toEqual([
    { unit: 0, drive: "pflash0" },
    { unit: 1, drive: "pflash1" },
  ]);
  const [code, vars] = drives;
  expect(code).toMatchObject({ readOnly: true, image: { kind: "bytes", format: "raw" } });
  if (code?.image?.kind !== "bytes") throw new Error("the code is not given as bytes");
  expect(text(code.image.bytes)).toBe("code.fd");
  expect(nvramPath("my vm")).toBe("/var/lib/libvirt/qemu/nvram/my vm_VARS.fd");
  expect(vars?.image).toMatchObject({ kind: "file", filename: nvramPath("my vm") });
  if (vars?.image?.kind !== "file") throw new Error("the variables are in no file");
  expect(text(vars.image.template)).toBe("vars.fd");
  expect(from.progress).toEqual([0.5, 1]);
});

it("keeps variables in memory where the browser keeps nothing", async () => {
  const { drives } = await efiFlash("vm", sources(false));
  expect(drives[1]?.image?.kind).toBe("bytes");
});
