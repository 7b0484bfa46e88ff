/** The command line as a user starts it: it needs `npm run build`. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assemble } from "../../isa/assemble.ts";
import { echoProgram } from "./testing/echo-program.ts";

const path = (from: string): string => fileURLToPath(new URL(from, import.meta.url));
const PROGRAM = path("../../../bin/tabvisor.mjs");
const isBuilt =
  existsSync(path("../../../dist/core.wasm")) &&
  existsSync(path("../../../dist/src/entry/node/main.js"));
const ENGINE_PAGE = path("../../../dist/page/src/entry/browser/engine.html");
const CHROMIUM = process.env["TABVISOR_CHROMIUM"] ?? "/usr/bin/chromium";
const hasChromium = existsSync(ENGINE_PAGE) && existsSync(CHROMIUM);

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;

/** Runs a command; `input` is typed once `after` was printed. */
function tabvisor(
  args: readonly string[],
  input?: { after: string; text: string },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder });
    let stdout = "";
    let stderr = "";
    let typed = false;
    child.stdout.setEncoding("latin1").on("data", (text: string) => {
      stdout += text;
      if (typed || input === undefined || !stdout.includes(input.after)) return;
      typed = true;
      child.stdin.end(input.text, "latin1");
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tabvisor-test-"));
  await writeFile(join(folder, "ok.bin"), echoProgram());
  await writeFile(join(folder, "fail.bin"), echoProgram(0x073333));
  await writeFile(join(folder, "crash.bin"), assemble(`${"nop\n".repeat(24)}jr zero`).bytes);
  await writeFile(join(folder, "text.txt"), "this is no kernel\n".repeat(50));
});

afterAll(() => rm(folder, { recursive: true }));

const RUN = ["system", "-M", "virt", "-m", "64M", "-nographic", "-bios"];

describe.skipIf(!isBuilt)("tabvisor", () => {
  test("connects the console to a pipe and ends with the guest", async () => {
    const outcome = await tabvisor([...RUN, "ok.bin"], { after: "ready\n", text: "abcq" });
    expect(outcome).toEqual({ status: 0, stdout: "ready\nabcq", stderr: "" });
  });

  test("passes the guest's exit code on", async () => {
    const outcome = await tabvisor([...RUN, "fail.bin"], { after: "ready\n", text: "q" });
    expect(outcome.status).toBe(7);
  });

  test("the end of input is not the end of the machine; Ctrl-A x is", async () => {
    const input = { after: "ready\n", text: "abc\x01x" };
    const outcome = await tabvisor([...RUN, "ok.bin", "--stats"], input);
    expect(outcome.status).toBe(0);
    expect(outcome.stderr).toMatch(/instructions +\d/);
    expect(outcome.stderr).toContain("Terminated");
  });

  test("Ctrl-A i prints counters while the guest runs, --stats-json writes them at the end", async () => {
    const args = [...RUN, "ok.bin", "-smp", "2", "--stats-json", "stats.json"];
    const { status, stderr } = await tabvisor(args, {
      after: "ready\n",
      text: "a\x01i\x01x",
    });
    expect(status).toBe(0);
    expect(stderr).toMatch(/^ +all vCPUs +vCPU 0 +vCPU 1$/m);
    expect(stderr).toMatch(/^ {2}instructions +\d/m);
    const stats = JSON.parse(await readFile(join(folder, "stats.json"), "utf8"));
    expect(stats.vcpus).toHaveLength(2);
    expect(stats.instructions).toBeGreaterThan(20);
    expect(stats.wallMs).toBeGreaterThan(0);
  });

  test.skipIf(availableParallelism() >= 16)(
    "warns of more vCPUs than there are processors, and runs them",
    async () => {
      const args = [...RUN, "ok.bin", "-smp", "16"];
      const { status, stderr } = await tabvisor(args, { after: "ready\n", text: "\x01x" });
      expect(status).toBe(0);
      expect(stderr).toMatch(
        /^tabvisor system: warning: Number of SMP cpus requested \(16\) exceeds/,
      );
    },
  );

  test("says why a machine crashed", async () => {
    const { status, stderr } = await tabvisor([...RUN, "crash.bin"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^tabvisor system: hart 0: .*\n$/);
  });

  test("writes the console to a file", async () => {
    const args = ["system", "-m", "64M", "-bios", "crash.bin", "-serial", "file:log.txt"];
    await tabvisor(args);
    expect(await readFile(join(folder, "log.txt"), "utf8")).toBe("");
  });

  test.each([
    [["-kernel", "missing"], "-kernel missing: No such file or directory"],
    [["-bios", "."], "-bios .: Is a directory"],
    [["-bios", "ok.bin", "-kernel", "text.txt"], "'text.txt'"],
    [["-bogus"], "-bogus: invalid option"],
  ])("refuses %j in one sentence", async (args, words) => {
    const { status, stdout, stderr } = await tabvisor(["system", ...args]);
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^tabvisor system: [^\n]*\n$/);
    expect(stderr).toContain(words);
  });

  test("has help and a version", async () => {
    expect((await tabvisor(["--help"])).stdout).toContain("usage: tabvisor");
    expect((await tabvisor(["system", "-help"])).stdout).toContain("-kernel file");
    expect((await tabvisor(["--version"])).stdout).toMatch(/^tabvisor version \d/);
    expect((await tabvisor(["bogus"])).status).toBe(1);
  });

  test.skipIf(!hasChromium)("runs the same machine in headless Chromium", async () => {
    const args = [...RUN, "fail.bin", "--engine", "chromium"];
    const outcome = await tabvisor(args, { after: "ready\n", text: "hello q" });
    expect(outcome).toEqual({ status: 7, stdout: "ready\nhello q", stderr: "" });
  });
});
