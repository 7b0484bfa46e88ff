/** A guest that gives memory up and takes it back, by virsh: Debian's kernel and module, of its installer. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readGuest } from "../../../../guests/index.ts";
import type { DomainEvent } from "../../../virt/driver/events.ts";
import { type GuestConsole, isBuilt, TestDaemon } from "./testing/test-daemon.ts";

const guest = readGuest("installer");
const LIMIT_MS = 120_000;
/** Computers may be busy. */
const PATIENCE = { timeout: 30_000, interval: 200 };
const KIB_PER_MIB = 1024;

let daemon: TestDaemon;
let console: GuestConsole;
let events: DomainEvent[];

/** Runs a line of virsh that must succeed. @returns what it prints */
async function virsh(line: string): Promise<string> {
  const { status, stdout, stderr } = await daemon.virsh(line);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout;
}

/** A shell in the installer's RAM disk; nothing is installed. */
function definition(): string {
  const { boot = {}, files = {} } = guest?.manifest ?? {};
  const [line] = Object.values(boot);
  const file = (key: string | undefined): string =>
    join(guest?.directory ?? "", files[key ?? ""]?.path ?? "");
  return `<domain type='qemu'><name>b</name><memory unit='MiB'>512</memory>
    <currentMemory unit='MiB'>320</currentMemory><vcpu>1</vcpu>
    <os><type arch='riscv64' machine='virt'>hvm</type><loader type='rom'>${file(line?.firmware)}</loader>
    <kernel>${file(line?.kernel)}</kernel><initrd>${file(line?.initrd)}</initrd>
    <cmdline>${line?.append} rdinit=/bin/sh</cmdline></os><devices>
    <memballoon model='virtio'><stats period='1'/></memballoon>
    <serial type='pty'/></devices></domain>`;
}

/** A figure of `dommemstat`. */
async function figure(name: string): Promise<number> {
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(await virsh("dommemstat b"))?.[1]);
}

/** All memory that the guest's kernel counts, in KiB. */
async function memTotal(): Promise<number> {
  return Number(await console.run("sed -n 's/MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo"));
}

describe.skipIf(!isBuilt || !guest)("a guest with a balloon", () => {
  beforeAll(async () => {
    daemon = await TestDaemon.prepare();
    await daemon.start();
    await writeFile(join(daemon.folder, "b.xml"), definition());
    events = [];
    await daemon.calls.connectEvents(
      (event) => void (event.of === "domain" && events.push(event.event)),
    );
  }, LIMIT_MS);
  afterAll(() => daemon?.remove());

  test(
    "comes down to its current memory when its driver is there",
    async () => {
      await virsh(`define ${daemon.folder}/b.xml --validate`);
      await virsh("start b");
      console = await daemon.console("b");
      await console.until("~ # ");
      await console.run("mount -t proc proc /proc");
      expect(await virsh("dommemstat b")).toMatch(/^actual 524288\nlast_update 0\nrss \d+\n\n$/);
      const all = await memTotal();
      await console.run("modprobe virtio_balloon");
      await expect.poll(() => figure("actual"), PATIENCE).toBe(320 * KIB_PER_MIB);
      expect(all - (await memTotal())).toBe(192 * KIB_PER_MIB);
      await expect
        .poll(() => virsh("dominfo b"), PATIENCE)
        .toMatch(/^Max memory: +524288 KiB\nUsed memory: +327680 KiB$/m);
      expect(events).toContainEqual({ kind: "balloon-change", actual: 320 * KIB_PER_MIB });
    },
    LIMIT_MS,
  );

  test(
    "tells of its memory again and again",
    async () => {
      const before = await figure("last_update");
      expect(before).toBeGreaterThan(1_700_000_000);
      await expect.poll(() => figure("last_update"), PATIENCE).toBeGreaterThan(before);
      expect(await figure("available")).toBe(await memTotal());
      await console.run("mount -t devtmpfs dev /dev; mount -t tmpfs tmpfs /tmp");
      const unused = await figure("unused");
      await console.run("dd if=/dev/zero of=/tmp/f bs=1M count=96");
      const less = unused - 48 * KIB_PER_MIB;
      await expect.poll(() => figure("unused"), PATIENCE).toBeLessThan(less);
      await console.run("rm /tmp/f");
      const more = unused - 16 * KIB_PER_MIB;
      await expect.poll(() => figure("unused"), PATIENCE).toBeGreaterThan(more);
      const stats = await virsh("domstats b --balloon");
      expect(stats).toMatch(/balloon\.current=327680\n +balloon\.maximum=524288\n/);
      expect(stats).toMatch(/balloon\.usable=\d+\n +balloon\.last-update=\d+\n/);
      await virsh("dommemstat b --period 0 --live");
    },
    LIMIT_MS,
  );

  test(
    "shrinks and grows while it runs, and all is there again after a reset",
    async () => {
      await virsh("setmem b 256M --live");
      await expect.poll(() => figure("actual"), PATIENCE).toBe(256 * KIB_PER_MIB);
      const small = await memTotal();
      await virsh("qemu-monitor-command b --hmp 'balloon 512'");
      await expect.poll(() => figure("actual"), PATIENCE).toBe(512 * KIB_PER_MIB);
      expect((await memTotal()) - small).toBe(256 * KIB_PER_MIB);
      expect(await virsh("dumpxml b --inactive")).toContain("<currentMemory unit='KiB'>327680<");
      await virsh("setmem b 384M");
      await expect.poll(() => figure("actual"), PATIENCE).toBe(384 * KIB_PER_MIB);
      await virsh("reset b");
      await expect.poll(() => figure("actual"), PATIENCE).toBe(512 * KIB_PER_MIB);
      await console.until("BusyBox");
      await console.until("~ # ");
      await console.run("mount -t proc proc /proc; modprobe virtio_balloon");
      await expect.poll(() => figure("actual"), PATIENCE).toBe(384 * KIB_PER_MIB);
      expect((await memTotal()) - small).toBe(128 * KIB_PER_MIB);
    },
    LIMIT_MS,
  );
});
