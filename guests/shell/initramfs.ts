import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sourcePath } from "../cache/paths.ts";
import { FileTree } from "../image/file-tree.ts";
import { moduleIndexes } from "../kernel/depmod.ts";
import type { ResolvedModule } from "../kernel/resolve.ts";
import { withoutSignature } from "../kernel/signature.ts";
import { busyboxApplets } from "./busybox.ts";

/** What goes into the initramfs besides our own files. */
export interface InitramfsParts {
  readonly release: string;
  readonly busybox: Uint8Array;
  readonly modules: readonly ResolvedModule[];
  /** Files of lib/modules/<release> to be taken over as they are, by name. */
  readonly indexes: ReadonlyMap<string, Uint8Array>;
}

/** Our own files of a guest, by path, in path order: configuration and scripts. */
export function overlayFiles(guest: string): ReadonlyMap<string, Buffer> {
  const root = sourcePath(guest, "overlay");
  const files = new Map<string, Buffer>();
  const walk = (directory: string): void => {
    for (const entry of readdirSync(join(root, directory), { withFileTypes: true })) {
      const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory()) {
        walk(path);
      } else {
        // A checkout may have changed the line endings; a guest's shell wants them as they were.
        const text = readFileSync(join(root, path), "utf8").replaceAll("\r\n", "\n");
        files.set(path, Buffer.from(text, "utf8"));
      }
    }
  };
  walk("");
  return new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The root file system of the shell guest.
 *
 * @param isSigned false drops the modules' signatures. Hashing them is nine tenths of loading a
 * module, and a kernel that was told not to load the certificates cannot check them: either way it
 * marks itself tainted (E).
 */
export function shellFileTree(parts: InitramfsParts, isSigned: boolean): FileTree {
  const tree = new FileTree();
  // All commands are in one directory; the others are names for it.
  tree.symlink("sbin", "bin");
  tree.symlink("usr/bin", "../bin");
  tree.symlink("usr/sbin", "../bin");
  tree.symlink("var/run", "../run");
  addSkeleton(tree);
  addBusybox(tree, "bin", parts.busybox);
  tree.symlink("init", "bin/busybox");
  addOverlay(tree, "shell");
  addModules(tree, parts, isSigned);
  return tree;
}

/** What the kernel and BusyBox's init want to find, but for what fills it. */
export function addSkeleton(tree: FileTree): void {
  for (const path of ["dev", "mnt", "proc", "run", "sys", "usr", "var"]) {
    tree.directory(path);
  }
  tree.directory("root", 0o700);
  tree.directory("tmp", 0o1777);
  tree.symlink("etc/mtab", "../proc/mounts");
  // The kernel opens the console for init before anything is mounted on /dev.
  tree.add("dev/console", { kind: "character", mode: 0o600, major: 5, minor: 1 });
  tree.add("dev/null", { kind: "character", mode: 0o666, major: 1, minor: 3 });
}

/**
 * BusyBox, and links for those of its applets that are no files of `directory` yet. They are made
 * here, since `busybox --install` would cost the guest at every boot.
 */
export function addBusybox(tree: FileTree, directory: string, binary: Uint8Array): void {
  tree.file(`${directory}/busybox`, binary, 0o755);
  for (const applet of busyboxApplets(binary)) {
    const path = `${directory}/${applet}`;
    if (!tree.has(path)) {
      tree.symlink(path, "busybox");
    }
  }
}

/** Our own files of a guest, scripts executable. */
export function addOverlay(tree: FileTree, guest: string): void {
  for (const [path, bytes] of overlayFiles(guest)) {
    const isScript = bytes.subarray(0, 2).toString("latin1") === "#!";
    tree.file(path, bytes, isScript ? 0o755 : 0o644);
  }
}

/** Kernel modules with modprobe's indexes, under lib/modules wherever lib leads. */
export function addModules(
  tree: FileTree,
  { release, modules, indexes }: Omit<InitramfsParts, "busybox">,
  isSigned: boolean,
): void {
  const directory = tree.realPath(`lib/modules/${release}`) ?? `lib/modules/${release}`;
  for (const { path, bytes } of modules) {
    tree.file(`${directory}/${path}`, isSigned ? bytes : withoutSignature(bytes));
  }
  for (const [name, contents] of [...indexes, ...moduleIndexes(modules)]) {
    tree.file(`${directory}/${name}`, contents);
  }
}
