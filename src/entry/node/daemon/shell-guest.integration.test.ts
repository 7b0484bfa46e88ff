/** Domains with Linux in them, by virsh: each verb does to the guest what it says. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readGuest } from "../../../../guests/index.ts";
import type { DomainEvent } from "../../../virt/driver/events.ts";
import { type GuestConsole, isBuilt, TestDaemon } from "./testing/test-daemon.ts";

const guest = readGuest("shell");
const LIMIT_MS = 60_000;
const PROMPT = "root@tabvisor:~# ";

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

function definition(name: string): string {
  const boot = guest?.manifest.boot["fast"];
  const file = (key: string | undefined): string =>
    join(guest?.directory ?? "", guest?.manifest.files[key ?? ""]?.path ?? "");
  return `<domain type='qemu'><name>${name}</name><memory unit='MiB'>192</memory><vcpu>1</vcpu>
    <os><type arch='riscv64' machine='virt'>hvm</type><loader type='rom'>${file(boot?.firmware)}</loader>
    <kernel>${file(boot?.kernel)}</kernel><initrd>${file(boot?.initrd)}</initrd>
    <cmdline>${boot?.append}</cmdline></os><devices>
    <disk type='volume'><driver name='qemu' type='qcow2'/>
    <source pool='default' volume='${name}.qcow2'/><target dev='sda' bus='scsi'/></disk>
    <disk type='file' device='cdrom'><target dev='sdb' bus='scsi'/></disk>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <serial type='pty'/></devices></domain>`;
}

const kinds = (): string[] =>
  events.map((event) =>
    event.kind === "lifecycle" ? `lifecycle ${event.event}.${event.detail}` : event.kind,
  );

/** Computers may be busy. */
const PATIENCE = { timeout: 30_000 };

/** A guest's agent in shell: enough to be spoken to. */
const AGENT = `exec 3<>$(ls /dev/vport*); while read -r line <&3; do case $line in
*guest-sync*) id=\${line##*:}; echo "{\\"return\\": \${id%%\\}*}}" >&3;;
*host-name*) echo "{\\"return\\": {\\"host-name\\": \\"$(hostname)\\"}}" >&3;;
*shutdown*) poweroff -f;;
esac; done & true`;

describe.skipIf(!isBuilt || !guest)("a domain with Linux", () => {
  beforeAll(async () => {
    daemon = await TestDaemon.prepare();
    await daemon.start();
    await writeFile(join(daemon.folder, "g.xml"), definition("g"));
    await writeFile(join(daemon.folder, "cd.iso"), "a medium".padEnd(4096));
    events = [];
    await daemon.calls.connectEvents(
      (event) => void (event.of === "domain" && events.push(event.event)),
    );
  }, LIMIT_MS);
  afterAll(() => daemon?.remove());

  test(
    "boots to a shell, and its figures are the guest's",
    async () => {
      await virsh("vol-create-as default g.qcow2 64M --format qcow2");
      await virsh(`define ${daemon.folder}/g.xml --validate`);
      expect(await virsh("start g")).toBe("Domain 'g' started\n\n");
      console = await daemon.console("g");
      await console.until(PROMPT);
      expect(await console.run("echo $((6 * 7)); nproc")).toBe("42\n1");
      await console.run("modprobe sr_mod; until [ -e /dev/sda ]; do sleep 0.1; done");
      await virsh("domblkthreshold g sda 300000");
      await console.run("dd if=/dev/zero of=/dev/sda bs=64k count=4 conv=fsync");
      const passed = events.find(({ kind }) => kind === "block-threshold");
      expect(passed).toMatchObject({ dev: "sda", threshold: 300_000n });
      const stat = await virsh("domblkstat g sda");
      expect(Number(/wr_bytes (\d+)/.exec(stat)?.[1])).toBe(262_144);
      expect(await virsh("dominfo g")).toMatch(/^State: +running$/m);
      expect(await virsh("vcpuinfo g")).toMatch(/^State: +running$/m);
      const rss = /rss (\d+)/.exec(await virsh("dommemstat g"))?.[1];
      expect(Number(rss)).toBeGreaterThan(32_768);
      expect(Number(rss)).toBeLessThan(196_608);
      const stats = await virsh("domstats g");
      expect(Number(/jit_instructions\.sum=(\d+)/.exec(stats)?.[1])).toBeGreaterThan(1_000_000);
      expect(stats).toMatch(/block\.0\.path=.*g\.qcow2/);
    },
    LIMIT_MS,
  );

  test(
    "stands while it is paused, and goes on where it was",
    async () => {
      await virsh("suspend g");
      const instructions = async (): Promise<number> =>
        Number(/instructions\.sum=(\d+)/.exec(await virsh("domstats g --vcpu"))?.[1]);
      const stood = await instructions();
      await console.type("echo wo''ken\n");
      expect(await instructions()).toBe(stood);
      expect(await virsh("domstate g --reason")).toBe("paused (user)\n\n");
      await virsh("resume g");
      await console.until("woken");
      expect(await instructions()).toBeGreaterThan(stood);
      const answer = await virsh(`qemu-monitor-command g '{"execute":"query-status"}'`);
      expect(JSON.parse(answer)).toMatchObject({ return: { status: "running", running: true } });
    },
    LIMIT_MS,
  );

  test(
    "gets disks and media while it runs, and loses them",
    async () => {
      await daemon.tabvisor("qemu-img", "create", "-f", "raw", "more.img", "1M");
      await virsh(`attach-disk g ${daemon.folder}/more.img sdc --targetbus scsi --live`);
      await console.run("until [ -e /dev/sdb ]; do sleep 0.1; done");
      expect(await console.run("cat /sys/block/sdb/size")).toBe("2048");
      await virsh("detach-disk g sdc --live");
      await console.run("while [ -e /sys/block/sdb ]; do sleep 0.1; done");
      await virsh(`change-media g sdb ${daemon.folder}/cd.iso --insert --live`);
      expect(await console.run("until head -c 8 /dev/sr0 2>/dev/null; do sleep 0.1; done")).toBe(
        "a medium",
      );
      await virsh("change-media g sdb --eject --live");
      expect(await virsh("domblklist g")).toMatch(/^ sdb +-$/m);
      expect(kinds()).toEqual(
        expect.arrayContaining(["device-added", "device-removed", "tray-change"]),
      );
      await virsh("blkdeviotune g sda --total-iops-sec 1000 --live");
      expect(await virsh("blkdeviotune g sda --live")).toMatch(/^total_iops_sec : 1000$/m);
    },
    LIMIT_MS,
  );

  test(
    "is seen as it is: on a picture, and in a dump",
    async () => {
      const picture = join(daemon.folder, "g.png");
      expect(await virsh(`screenshot g ${picture}`)).toContain("with type of image/png");
      const png = await readFile(picture);
      const pixels = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
      // The prompt is there, and black is more.
      const lit = pixels.filter((byte) => byte === 229).length / pixels.length;
      expect(lit).toBeGreaterThan(0.005);
      expect(lit).toBeLessThan(0.3);
      const dump = join(daemon.folder, "g.core");
      await virsh(`dump g ${dump} --memory-only`);
      const core = await readFile(dump);
      expect(core.includes("Linux version 6.")).toBe(true);
      // The hart is in the kernel, or in a program.
      const pc = core.readBigUInt64LE(64 + 2 * 64 + 3 * 56 + 20 + 112);
      expect(pc >= 0xffff_ffff_8000_0000n || (pc > 0n && pc < 2n ** 47n)).toBe(true);
      expect(await virsh("domstate g --reason")).toBe("running (unpaused)\n\n");
    },
    LIMIT_MS,
  );

  test(
    "is spoken to by the agent's protocol",
    async () => {
      await console.run(AGENT.replaceAll("\n", " "));
      await expect.poll(kinds, PATIENCE).toContain("agent-lifecycle");
      expect(await virsh("domhostname g --source agent")).toBe("tabvisor\n\n");
      expect(await virsh("dumpxml g --xpath //channel/target")).toMatch(/state=.connected./);
    },
    LIMIT_MS,
  );

  test(
    "starts anew by reboot and by reset",
    async () => {
      events.length = 0;
      await virsh("reboot g --mode acpi");
      console = await daemon.console("g");
      await console.until("OpenSBI");
      await expect.poll(kinds, PATIENCE).toContain("reboot");
      expect(await virsh("domstate g --reason")).toBe("running (booted)\n\n");
      await virsh("reset g");
      await console.until("OpenSBI");
      await console.until(PROMPT);
    },
    LIMIT_MS,
  );

  test(
    "powers off when it is asked to",
    async () => {
      await console.run(AGENT.replaceAll("\n", " "));
      events.length = 0;
      await virsh("shutdown g --mode agent");
      await console.ended();
      expect(await virsh("domstate g --reason")).toBe("shut off (shutdown)\n\n");
      expect(kinds()).toEqual(expect.arrayContaining(["lifecycle 6.1", "lifecycle 5.0"]));
    },
    LIMIT_MS,
  );

  test(
    "is another one after changes while it was off",
    async () => {
      await virsh("setvcpus g 2 --config --maximum; setvcpus g 2 --config");
      await virsh("setmaxmem g 256M --config; setmem g 256M --config");
      await virsh(`attach-disk g ${daemon.folder}/more.img sdc --targetbus scsi --config`);
      await virsh("detach-disk g sdb --config");
      await virsh("desc g --config --title --new-desc Renamed");
      expect(await virsh("domrename g h")).toBe("Domain successfully renamed\n\n");
      await virsh("autostart h");
      expect(await daemon.stop()).toBe(0);
      await daemon.start();
      await expect.poll(() => virsh("domstate h"), PATIENCE).toBe("running\n\n");
      console = await daemon.console("h");
      await console.until(PROMPT);
      expect(await console.run("nproc")).toBe("2");
      const kib = Number(await console.run("awk '/MemTotal/ {print $2}' /proc/meminfo"));
      // Of 192 MiB the kernel left less.
      expect(kib).toBeGreaterThan(150_000);
      // Linux looks for disks at the same time, and gives them names as it finds them.
      await console.run("until [ -e /dev/sda ] && [ -e /dev/sdb ]; do sleep 0.1; done");
      expect(await console.run("cat /sys/block/sd?/size | sort -n")).toBe("2048\n131072");
      expect(await virsh("list --title")).toContain("Renamed");
    },
    LIMIT_MS,
  );

  test(
    "restarts by its own doing, which is told",
    async () => {
      events = [];
      const stop = await daemon.calls.connectEvents(
        (event) => void (event.of === "domain" && events.push(event.event)),
      );
      await console.type("reboot -f\n");
      await console.until("OpenSBI");
      await expect.poll(kinds, PATIENCE).toContain("reboot");
      stop();
    },
    LIMIT_MS,
  );

  test(
    "is gone with its storage",
    async () => {
      expect(await virsh("destroy h")).toBe("Domain 'h' destroyed\n\n");
      await virsh("detach-disk h sdc --config");
      const gone = await virsh("undefine h --remove-all-storage");
      expect(gone).toContain("Domain 'h' has been undefined");
      expect(gone).toContain("removed.");
      expect(await virsh("vol-list default")).not.toContain("g.qcow2");
      expect((await virsh("list --all --name")).trim()).toBe("");
    },
    LIMIT_MS,
  );
});
