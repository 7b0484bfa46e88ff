/** A machine whose process is killed while its guest writes: what is left of its disk. */
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PROMPT } from "../../bench/boot.ts";
import { demand } from "./disk-guest.ts";
import type { DiskCheck } from "./main.ts";

const LIMIT_MS = 180_000;
const KILLS = 5;
const SYSTEM = new URL("../../../bin/tabvisor.mjs", import.meta.url).pathname;

interface Ended {
  readonly status: number | null;
  readonly text: string;
}

function command(file: string, ...args: string[]): Ended {
  const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: "utf8" });
  if (error) throw error;
  return { status, text: (stdout + stderr).trim() };
}

/** Files are written and made stable one after the other; each says so when it is. */
const WRITER =
  "mount /dev/vda /mnt && i=0; while true; do i=$((i+1)); " +
  "yes line-$i | head -c 40000 > /mnt/f$i; sync; echo stable-$i; rm -f /mnt/f$((i-20)); done";

/**
 * @param files so many are stable when the time starts that the guest has left
 * @returns the number of the last file that the guest said was stable
 */
async function writeAndKill(image: string, files: number, leftMs: number): Promise<number> {
  const drive = `if=virtio,format=qcow2,file=${image}`;
  const args = [SYSTEM, "system", "--guest", "shell", "-m", "256M", "-drive", drive];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("latin1")));
  const until = async (holds: () => boolean): Promise<void> => {
    const end = performance.now() + LIMIT_MS;
    while (!holds()) {
      if (child.exitCode !== null) throw new Error(`the machine has ended:\n${output}`);
      if (performance.now() > end) throw new Error(`the guest hangs:\n${output}`);
      await sleep(50);
    }
  };
  try {
    await until(() => PROMPT.test(output));
    child.stdin.write(`modprobe virtio_blk; modprobe ext4; mkdir -p /mnt\n`);
    child.stdin.write(`${WRITER}\n`);
    await until(() => new RegExp(`^stable-${files}\r?$`, "m").test(output));
    await sleep(leftMs);
  } finally {
    child.kill("SIGKILL");
  }
  await new Promise((resolve) => child.once("close", resolve));
  return Math.max(...[...output.matchAll(/^stable-(\d+)\r?$/gm)].map(([, n]) => Number(n)));
}

async function kill(folder: string): Promise<string> {
  const raw = join(folder, "fs.raw");
  const made = [
    command("qemu-img", "create", "-q", "-f", "raw", raw, "64M"),
    command("mkfs.ext4", "-q", "-F", raw),
  ].find(({ status }) => status !== 0);
  demand(made === undefined, made?.text ?? "");
  const counts: number[] = [];
  for (let i = 0; i < KILLS; i++) {
    const image = join(folder, `fs${i}.qcow2`);
    command("qemu-img", "convert", "-O", "qcow2", raw, image);
    const last = await writeAndKill(image, 2 + 3 * i, 300 + 37 * i);
    counts.push(last);
    inspect(image, join(folder, "after.raw"), last);
  }
  return `killed ${KILLS} times after ${counts.join(", ")} stable files`;
}

/** The image is sound, the journal is all that e2fsck needs, and what was stable is there. */
function inspect(image: string, after: string, last: number): void {
  const check = command("qemu-img", "check", "-f", "qcow2", image);
  demand(check.status === 0 || check.status === 3, check.text);
  command("qemu-img", "convert", "-O", "raw", image, after);
  const replay = command("e2fsck", "-p", after);
  demand(replay.status === 0 || replay.status === 1, replay.text);
  demand(/recovering journal|clean/.test(replay.text), replay.text);
  const clean = command("e2fsck", "-fn", after);
  demand(clean.status === 0, clean.text);
  for (let i = Math.max(1, last - 10); i <= last; i++) {
    const { text } = command("debugfs", "-R", `cat /f${i}`, after);
    demand(text.includes(`line-${i}\nline-${i}`), `file ${i} of ${last} is lost: ${text}`);
  }
}

export const KILL: DiskCheck = { name: "killed while it writes", run: kill };
