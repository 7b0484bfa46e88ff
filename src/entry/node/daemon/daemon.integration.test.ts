/** The daemon and virsh as a user starts them, with real machines. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { echoProgram } from "../testing/echo-program.ts";
import { isBuilt, type Outcome, TestDaemon } from "./testing/test-daemon.ts";

let daemon: TestDaemon;

const virsh = (...args: string[]): Promise<Outcome> => daemon.tabvisor("virsh", ...args);

async function define(name: string, os: string, memoryMib: number): Promise<void> {
  const { folder } = daemon;
  const xml = `<domain type='qemu'><name>${name}</name><memory unit='MiB'>${memoryMib}</memory>
    <os><type arch='riscv64' machine='virt'>hvm</type>${os}</os><devices>
    <disk type='file'><driver name='qemu' type='qcow2'/><source file='${folder}/d.qcow2'/>
    <target dev='vda' bus='virtio'/></disk><serial type='pty'/></devices></domain>`;
  await writeFile(join(folder, `${name}.xml`), xml);
  expect(await virsh("define", `${name}.xml`)).toEqual({
    status: 0,
    stdout: `Domain '${name}' defined from ${name}.xml\n\n`,
    stderr: "",
  });
}

describe.skipIf(!isBuilt)("tabvisor daemon", () => {
  beforeAll(async () => {
    daemon = await TestDaemon.prepare();
    await writeFile(join(daemon.folder, "echo.bin"), echoProgram());
    await daemon.tabvisor("qemu-img", "create", "-f", "qcow2", "d.qcow2", "64M");
  });
  afterAll(() => daemon.remove());

  test("is missed in libvirt's words while it does not run", async () => {
    const { status, stderr } = await virsh("list");
    expect(status).toBe(1);
    expect(stderr).toBe(
      "error: failed to connect to the hypervisor\n" +
        `error: Failed to connect socket to '${daemon.folder}/run/tabvisor/virt-sock': ` +
        "No such file or directory\n",
    );
  });

  test("takes a domain through its life", async () => {
    await daemon.start();
    await define("echo", `<loader type='rom'>${daemon.folder}/echo.bin</loader>`, 64);
    expect((await virsh("start", "echo", "--paused")).stdout).toBe("Domain 'echo' started\n\n");
    expect((await virsh("domstats", "echo", "--vcpu")).stdout).toContain(
      "vcpu.0.instructions.sum=0\n",
    );
    await virsh("resume", "echo");
    expect((await virsh("list")).stdout).toMatch(/^ 1 {4}echo {3}running$/m);
    const console = await daemon.console("echo");
    await console.until("ready\n");
    await console.type("abc");
    await console.until("abc");
    await virsh("suspend", "echo");
    expect((await virsh("domstate", "echo", "--reason")).stdout).toBe("paused (user)\n\n");
    await virsh("resume", "echo");
    await console.type("q");
    await console.until("q");
    await console.ended();
    expect((await virsh("domstate", "echo", "--reason")).stdout).toBe("shut off (shutdown)\n\n");
  }, 60_000);

  test("is one for each user", async () => {
    expect(await daemon.tabvisor("daemon")).toMatchObject({
      status: 1,
      stderr: "tabvisor daemon: another daemon of this user is running\n",
    });
  });

  test("keeps definitions, starts those that are marked, and ends all on SIGTERM", async () => {
    await virsh("autostart", "echo");
    expect(await daemon.stop()).toBe(0);
    await daemon.start();
    await expect
      .poll(async () => (await daemon.virsh("domstate echo")).stdout, { timeout: 30_000 })
      .toContain("running");
    await (await daemon.console("echo")).until("ready\n");
    expect((await virsh("destroy", "echo")).stdout).toBe("Domain 'echo' destroyed\n\n");
    expect((await virsh("undefine", "echo")).status).toBe(0);
    expect((await virsh("list", "--all", "--name")).stdout.trim()).toBe("");
  }, 60_000);
});
