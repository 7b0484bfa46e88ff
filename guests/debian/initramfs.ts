import { FileTree } from "../image/file-tree.ts";
import { addBusybox, addModules, addOverlay, type InitramfsParts } from "../shell/initramfs.ts";

/**
 * The initramfs that mounts the disk.
 *
 * @param isSigned false drops the modules' signatures, as in the shell guest
 */
export function bootTree(parts: InitramfsParts, isSigned: boolean): FileTree {
  const tree = new FileTree();
  for (const path of ["dev", "mnt", "proc", "sys", "etc"]) {
    tree.directory(path);
  }
  tree.symlink("sbin", "bin");
  tree.symlink("usr/bin", "../bin");
  tree.symlink("usr/sbin", "../bin");
  // The kernel opens the console for init before anything is mounted on /dev.
  tree.add("dev/console", { kind: "character", mode: 0o600, major: 5, minor: 1 });
  tree.add("dev/null", { kind: "character", mode: 0o666, major: 1, minor: 3 });
  addBusybox(tree, "bin", parts.busybox);
  addOverlay(tree, "debian/boot");
  addModules(tree, parts, isSigned);
  return tree;
}

/**
 * The initramfs that configures the packages on the disk.
 *
 * @param dateSeconds the guest's clock while it does, seconds since 1970
 */
export function configureTree(parts: InitramfsParts, dateSeconds: number): FileTree {
  const tree = bootTree(parts, false);
  addOverlay(tree, "debian/configure");
  tree.file("date", `${dateSeconds}\n`);
  return tree;
}
