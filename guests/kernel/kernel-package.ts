import { GuestError } from "../errors.ts";
import { packageFiles } from "../deb/package-file.ts";
import type { TarHeader } from "../deb/tar.ts";
import { unxzBytes } from "../deb/xz.ts";
import { ModuleTree } from "./module-tree.ts";

/** What a guest takes from Debian's kernel package. */
export interface KernelPackage {
  /** As in uname -r. */
  readonly release: string;
  /** A flat RISC-V Image, ready to be copied to memory. */
  readonly image: Uint8Array;
  /** When the kernel was packaged: the date of everything made from it. */
  readonly builtSeconds: number;
  readonly modules: ModuleTree;
  /** modules.builtin and modules.order, by name. */
  readonly indexes: ReadonlyMap<string, Uint8Array>;
}

/** RISC-V Image header (Linux, Documentation/arch/riscv/boot-image-header.rst): "RSC\5". */
const IMAGE_MAGIC_AT = 0x38;
const IMAGE_MAGIC = 0x05435352;

const VMLINUX = /^boot\/vmlinu[xz]-(.+)$/;
const IN_MODULES = /^(?:usr\/)?lib\/modules\/[^/]+\/(.+)$/;

/**
 * Reads the kernel package at `path`. Its modules stay compressed in memory, about 80 MB.
 *
 * @throws GuestError when the package has no RISC-V Image or no modules
 */
export async function readKernelPackage(path: string): Promise<KernelPackage> {
  const files = new Map<string, Uint8Array>();
  let kernel: { release: string; image: Uint8Array; builtSeconds: number } | null = null;
  for await (const entry of packageFiles(path, isNeeded)) {
    const release = VMLINUX.exec(entry.path)?.[1];
    if (release !== undefined) {
      kernel = { release, image: entry.bytes, builtSeconds: entry.mtimeSeconds };
    } else {
      files.set(IN_MODULES.exec(entry.path)?.[1] ?? entry.path, entry.bytes);
    }
  }
  if (kernel === null || !isRiscvImage(kernel.image)) {
    throw new GuestError(`${path} has no flat RISC-V kernel image under boot/.`);
  }
  const indexes = new Map([...files].filter(([name]) => /^modules\.(builtin|order)$/.test(name)));
  return { ...kernel, modules: moduleTree(files), indexes };
}

function isNeeded({ path, kind }: TarHeader): boolean {
  return kind === "file" && (VMLINUX.test(path) || IN_MODULES.test(path));
}

function isRiscvImage(image: Uint8Array): boolean {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  return image.length > 64 && view.getUint32(IMAGE_MAGIC_AT, true) === IMAGE_MAGIC;
}

function moduleTree(files: ReadonlyMap<string, Uint8Array>): ModuleTree {
  const stored = new Map<string, string>();
  for (const name of files.keys()) {
    const match = /^(.*\.ko)(\.xz)?$/.exec(name);
    if (match !== null) {
      stored.set(match[1] ?? name, name);
    }
  }
  const text = (name: string): string => Buffer.from(files.get(name) ?? []).toString("latin1");
  const read = async (path: string): Promise<Uint8Array> => {
    const name = stored.get(path) ?? path;
    const bytes = files.get(name) ?? new Uint8Array(0);
    return name.endsWith(".xz") ? unxzBytes(bytes, name) : bytes;
  };
  return new ModuleTree(
    { paths: () => stored.keys(), read },
    text("modules.builtin"),
    text("modules.builtin.modinfo"),
  );
}
