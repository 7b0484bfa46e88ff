/** Files and definitions of the page's host: the origin private file system below `host`. */
import type { Page } from "@playwright/test";

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
export async function define(page: Page, name: string, xml: string): Promise<void> {
  await makeFile(page, `/etc/libvirt/qemu/${name}.xml`, Buffer.from(xml));
}

interface Disk {
  readonly source: string;
  readonly format: "raw" | "qcow2";
}

const SHELL = "/usr/share/tabvisor/guests/shell";

const SHELL_BOOT = `<loader type='rom'>${SHELL}/firmware.bin</loader>
<kernel>${SHELL}/kernel</kernel><initrd>${SHELL}/initrd.cpio</initrd>
<cmdline>console=ttyS0 quiet cryptomgr.notests</cmdline>`;

/** The built shell guest, on a virtio disk or with a boot of its own. */
export function machineXml(
  name: string,
  uuid: string,
  {
    disk,
    boot = SHELL_BOOT,
    vcpus = 1,
  }: { readonly disk?: Disk; readonly boot?: string; readonly vcpus?: number },
): string {
  const devices = disk
    ? `<disk type='file' device='disk'><driver name='qemu' type='${disk.format}'/>
       <source file='${disk.source}'/><target dev='vda' bus='virtio'/></disk>`
    : "";
  return `<domain type='qemu'><name>${name}</name><uuid>${uuid}</uuid>
<memory unit='MiB'>256</memory><vcpu>${vcpus}</vcpu>
<os><type arch='riscv64' machine='virt'>hvm</type>${boot}</os>
<devices>${devices}<serial type='pty'/><console type='pty'/><memballoon model='none'/></devices>
</domain>`;
}
