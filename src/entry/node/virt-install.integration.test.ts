/** virt-install and virsh as a user starts them, with a real guest: it needs `npm run build`. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEFAULT_GUEST, readGuest } from "../../../guests/index.ts";

const path = (from: string): string => fileURLToPath(new URL(from, import.meta.url));
const PROGRAM = path("../../../bin/tabvisor.mjs");
const guest = readGuest(DEFAULT_GUEST);
const isReady =
  guest !== null &&
  existsSync(path("../../../dist/core.wasm")) &&
  existsSync(path("../../../dist/src/entry/node/main.js")) &&
  spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;

let folder: string;
let env: Record<string, string | undefined>;
let daemon: ChildProcess;

async function startDaemon(): Promise<void> {
  daemon = spawn(process.execPath, [PROGRAM, "daemon"], { cwd: folder, env });
  await new Promise<void>((resolve, reject) => {
    daemon.stderr?.setEncoding("utf8").on("data", (text: string) => {
      if (text.includes("listening on")) resolve();
    });
    daemon.once("exit", (status) => reject(new Error(`the daemon ended with ${status}`)));
  });
}

/** A command on a terminal of its own. */
class Typed {
  readonly #child: ChildProcess;
  readonly status: Promise<number | null>;
  said = "";
  #heard: () => void = () => {};

  constructor(args: readonly string[]) {
    const command = [process.execPath, PROGRAM, ...args].map((word) => `'${word}'`).join(" ");
    this.#child = spawn("script", ["-qfec", command, "/dev/null"], { cwd: folder, env });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.said += text;
      this.#heard();
    });
    this.status = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", (status) => {
        resolve(status);
        this.#heard();
      });
    });
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** @throws Error where the command ends before */
  async until(pattern: RegExp): Promise<void> {
    let hasEnded = false;
    void this.status.then(() => {
      hasEnded = true;
    });
    while (!pattern.test(this.said)) {
      if (hasEnded) throw new Error(`it ended after: ${this.said}`);
      // eslint-disable-next-line no-await-in-loop -- words come as they come
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}

function virsh(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, "virsh", ...args], { cwd: folder, env });
    let out = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (out += text));
    }
    child.once("error", reject);
    child.once("close", () => resolve(out.trim()));
  });
}

describe.skipIf(!isReady)("virt-install on qemu:///system", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tabvisor-install-"));
    env = {
      ...process.env,
      XDG_CONFIG_HOME: join(folder, "config"),
      XDG_DATA_HOME: join(folder, "data"),
      XDG_RUNTIME_DIR: join(folder, "run"),
    };
    await mkdir(join(folder, "run"));
    await writeFile(join(folder, "note"), "injected words\n");
    await startDaemon();
  });
  afterAll(async () => {
    daemon?.removeAllListeners("exit");
    daemon?.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  test("boots a folder's kernel with files of one's own, its console on the terminal", async () => {
    if (!guest) throw new Error("no guest");
    const { boot, defaultBoot, files } = guest.manifest;
    const { kernel, initrd, firmware, append } = boot[defaultBoot]!;
    const [kernelFile, initrdFile] = [files[kernel]!.path, files[initrd]!.path];
    const install = new Typed([
      ...["virt-install", "--name", "shell", "--memory", "256", "--disk", "size=1"],
      ...["--location", `${guest.directory},kernel=${kernelFile},initrd=${initrdFile}`],
      ...["--extra-args", append, "--initrd-inject", "note", "--osinfo", "linux2022"],
      ...["--boot", `loader=${join(guest.directory, files[firmware]!.path)}`],
      ...["--network", "none", "--autoconsole", "text"],
    ]);
    await install.until(/root@tabvisor:~# /);
    install.type("cat /note; until [ -b /dev/vda ]; do sleep 0.2; done; echo disk is th''ere\n");
    await install.until(/injected words\r*\n[^]*disk is there/);
    install.type("\x1d");
    expect(await install.status).toBe(0);
    expect(install.said).toContain("Escape character is ^] (Ctrl + ])");
    expect(install.said).toContain("Domain is still running. Installation may be in progress.");
    expect(await virsh("list", "--name")).toBe("shell");
    expect(await virsh("vol-list", "boot-scratch")).not.toContain("virtinst");
    // Its kernel is in no pool any more, but the machine has it.
    expect(await virsh("reset", "shell")).toBe("Domain 'shell' was reset");
    const again = new Typed(["virsh", "console", "shell"]);
    await again.until(/root@tabvisor:~# /);
    again.type("cat /note\n");
    await again.until(/injected words/);
    again.type("\x1d");
    await again.status;
    const stored = await virsh("dumpxml", "--inactive", "shell");
    expect(stored).not.toContain("<kernel>");
    expect(await virsh("destroy", "shell")).toBe("Domain 'shell' destroyed");
    expect(await virsh("undefine", "shell", "--remove-all-storage")).toContain("undefined");
    expect(await virsh("list", "--all", "--name")).toBe("");
  }, 120_000);
});
