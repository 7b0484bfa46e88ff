/** The daemon and virsh as a user starts them, with real guests: it needs `npm run build`. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Pipe } from "../../../virt/driver/pipe.ts";
import { assemble } from "../../../isa/assemble.ts";
import { utf8Bytes, utf8Text } from "../../../util/bytes.ts";
import { type Connect, openConnect } from "../../../virt/driver/connect.ts";
import type { Stream } from "../../../virt/driver/streams.ts";
import { daemonDriver } from "./connect.ts";

const path = (from: string): string => fileURLToPath(new URL(from, import.meta.url));
const PROGRAM = path("../../../../bin/tabvisor.mjs");
const isBuilt =
  existsSync(path("../../../../dist/core.wasm")) &&
  existsSync(path("../../../../dist/src/entry/node/main.js"));

/** A firmware that prints "ready\n", then echoes; a "q" powers off. */
const ECHO = `
    li s0, 0x10000000
    la a0, text
  1: lbu t1, 0(a0)
    beqz t1, echo
    sb t1, 0(s0)
    addi a0, a0, 1
    j 1b
  echo:
    lbu t0, 5(s0)
    andi t0, t0, 1
    beqz t0, echo
    lbu t1, 0(s0)
    sb t1, 0(s0)
    li t2, 113
    bne t1, t2, echo
    li t0, 0x100000
    li t1, 0x5555
    sw t1, 0(t0)
    j .
  text: .asciz "ready\\n"
`;

let folder: string;
let env: Record<string, string | undefined>;
let daemon: ChildProcess;
let connect: Connect;

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function tabvisor(...args: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

const virsh = (...args: string[]): Promise<Outcome> => tabvisor("virsh", ...args);

async function startDaemon(): Promise<void> {
  daemon = spawn(process.execPath, [PROGRAM, "daemon"], { cwd: folder, env });
  await new Promise<void>((resolve, reject) => {
    daemon.stderr?.setEncoding("utf8").on("data", (text: string) => {
      if (text.includes("listening on")) resolve();
    });
    daemon.once("exit", (status) => reject(new Error(`the daemon ended with ${status}`)));
  });
}

/** @returns the exit status */
function stopDaemon(): Promise<number | null> {
  return new Promise((resolve) => {
    daemon.removeAllListeners("exit");
    daemon.once("exit", resolve);
    daemon.kill("SIGTERM");
  });
}

/** Reads a console until it has said `text`. */
async function until(stream: Stream, text: string): Promise<string> {
  let said = "";
  while (!said.includes(text)) {
    const piece = await stream.read();
    if (piece === null) throw new Error(`the console ended after: ${said}`);
    if (typeof piece !== "number") said += utf8Text(piece);
  }
  return said;
}

async function define(name: string, os: string, memoryMib: number): Promise<void> {
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

async function openConsole(name: string): Promise<Stream> {
  const pipe = new Pipe();
  const domain = await connect.domainLookupByName(name);
  await connect.domainOpenConsole(domain, null, pipe.driverEnd, 0);
  return pipe.userEnd;
}

describe.skipIf(!isBuilt)("tabvisor daemon", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tabvisor-daemon-"));
    env = {
      ...process.env,
      XDG_CONFIG_HOME: join(folder, "config"),
      XDG_DATA_HOME: join(folder, "data"),
      XDG_RUNTIME_DIR: join(folder, "run"),
    };
    await mkdir(join(folder, "run"));
    await writeFile(join(folder, "echo.bin"), assemble(ECHO, { origin: 0x8000_0000n }).bytes);
    await tabvisor("qemu-img", "create", "-f", "qcow2", "d.qcow2", "64M");
  });
  afterAll(async () => {
    daemon?.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  test("is missed in libvirt's words while it does not run", async () => {
    const { status, stderr } = await virsh("list");
    expect(status).toBe(1);
    expect(stderr).toBe(
      "error: failed to connect to the hypervisor\n" +
        `error: Failed to connect socket to '${folder}/run/tabvisor/virt-sock': ` +
        "No such file or directory\n",
    );
  });

  test("takes a domain through its life", async () => {
    await startDaemon();
    connect = await openConnect("qemu:///system", [daemonDriver(env)]);
    await define("echo", `<loader type='rom'>${folder}/echo.bin</loader>`, 64);
    expect((await virsh("start", "echo", "--paused")).stdout).toBe("Domain 'echo' started\n\n");
    expect((await virsh("domstats", "echo", "--vcpu")).stdout).toContain(
      "vcpu.0.instructions.sum=0\n",
    );
    await virsh("resume", "echo");
    expect((await virsh("list")).stdout).toMatch(/^ 1 {4}echo {3}running$/m);
    const console = await openConsole("echo");
    await until(console, "ready\n");
    await console.write(utf8Bytes("abc"));
    await until(console, "abc");
    await virsh("suspend", "echo");
    expect((await virsh("domstate", "echo", "--reason")).stdout).toBe("paused (user)\n\n");
    await virsh("resume", "echo");
    await console.write(utf8Bytes("q"));
    await until(console, "q");
    expect(await console.read()).toBeNull();
    expect((await virsh("domstate", "echo", "--reason")).stdout).toBe("shut off (shutdown)\n\n");
  }, 60_000);

  test("is one for each user", async () => {
    expect(await tabvisor("daemon")).toMatchObject({
      status: 1,
      stderr: "tabvisor daemon: another daemon of this user is running\n",
    });
  });

  test("keeps definitions, starts those that are marked, and ends all on SIGTERM", async () => {
    await virsh("autostart", "echo");
    await connect.close();
    expect(await stopDaemon()).toBe(0);
    await startDaemon();
    connect = await openConnect("qemu:///system", [daemonDriver(env)]);
    await until(await openConsole("echo"), "ready\n");
    expect((await virsh("destroy", "echo")).stdout).toBe("Domain 'echo' destroyed\n\n");
    expect((await virsh("undefine", "echo")).status).toBe(0);
    expect((await virsh("list", "--all", "--name")).stdout.trim()).toBe("");
  }, 60_000);
});
