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

/** Our own files of the guest, by path, in path order: configuration and scripts. */
export function overlayFiles(): ReadonlyMap<string, Buffer> {
  const root = sourcePath("shell", "overlay");
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
  addSkeleton(tree);
  addBusybox(tree, parts.busybox);
  for (const [path, bytes] of overlayFiles()) {
    const isScript = bytes.subarray(0, 2).toString("latin1") === "#!";
    tree.file(path, bytes, isScript ? 0o755 : 0o644);
  }
  const directory = `lib/modules/${parts.release}`;
  for (const { path, bytes } of parts.modules) {
    tree.file(`${directory}/${path}`, isSigned ? bytes : withoutSignature(bytes));
  }
  for (const [name, contents] of [...parts.indexes, ...moduleIndexes(parts.modules)]) {
    tree.file(`${directory}/${name}`, contents);
  }
  return tree;
}

function addSkeleton(tree: FileTree): void {
  for (const path of ["dev", "mnt", "proc", "run", "sys", "usr", "var"]) {
    tree.directory(path);
  }
  tree.directory("root", 0o700);
  tree.directory("tmp", 0o1777);
  // All commands are in one directory; the others are names for it.
  tree.symlink("sbin", "bin");
  tree.symlink("usr/bin", "../bin");
  tree.symlink("usr/sbin", "../bin");
  tree.symlink("var/run", "../run");
  tree.symlink("etc/mtab", "../proc/mounts");
  // The kernel opens the console for init before anything is mounted on /dev.
  tree.add("dev/console", { kind: "character", mode: 0o600, major: 5, minor: 1 });
  tree.add("dev/null", { kind: "character", mode: 0o666, major: 1, minor: 3 });
}

/** Links are made here, since `busybox --install` would cost the guest at every boot. */
function addBusybox(tree: FileTree, binary: Uint8Array): void {
  tree.file("bin/busybox", binary, 0o755);
  for (const applet of busyboxApplets(binary)) {
    if (applet !== "busybox") {
      tree.symlink(`bin/${applet}`, "busybox");
    }
  }
  tree.symlink("init", "bin/busybox");
}
