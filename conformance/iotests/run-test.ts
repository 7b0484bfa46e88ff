import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Outcome, parseTap } from "./tap.ts";

/** What QEMU's `check` is started with. */
export interface Setting {
  /** `tests/qemu-iotests` of QEMU's sources. */
  readonly folder: string;
  /** The images' format. */
  readonly format: string;
  /** Where images, sockets and logs go. */
  readonly work: string;
  /** A test that takes longer has failed. */
  readonly limitMs: number;
  /** The variables that name the tools. */
  readonly tools: Readonly<Record<string, string>>;
}

/** The variables that `check` names its programs by, where they are not in its own build. */
const PROGRAMS = {
  QEMU_PROG: "qemu-system-riscv64",
  QEMU_IMG_PROG: "qemu-img",
  QEMU_IO_PROG: "qemu-io",
  QEMU_NBD_PROG: "qemu-nbd",
  QSD_PROG: "qemu-storage-daemon",
};

/** The installed programs, by the variables' names; the environment has precedence. */
export function installedTools(env: NodeJS.ProcessEnv): Record<string, string> {
  const folders = (env["PATH"] ?? "").split(delimiter);
  const found = Object.entries(PROGRAMS).map(([variable, program]): [string, string] => {
    const paths = folders.map((folder) => join(folder, program));
    return [variable, env[variable] ?? paths.find((path) => existsSync(path)) ?? program];
  });
  return Object.fromEntries(found);
}

/** Runs one test; `check` and all that it started end with it. */
export async function runTest(setting: Setting, test: string): Promise<Outcome> {
  const { folder, format, work, limitMs, tools } = setting;
  const env: NodeJS.ProcessEnv = { ...process.env, ...tools };
  for (const [name, directory] of [
    ["TEST_DIR", "scratch"],
    ["SOCK_DIR", "sock"],
    ["OUTPUT_DIR", "out"],
  ] as const) {
    env[name] = join(work, directory);
    mkdirSync(join(work, directory), { recursive: true });
  }
  // A process group of its own, so that a test that hangs ends with its children.
  const child = spawn(join(folder, "check"), [`-${format}`, "-tap", test], {
    cwd: folder,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  const timer = setTimeout(() => endGroup(child.pid), limitMs);
  await new Promise((resolve) => child.on("error", resolve).on("exit", resolve));
  clearTimeout(timer);
  endGroup(child.pid);
  return parseTap(text).get(test) ?? "fail";
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it runs any more.
  }
}
