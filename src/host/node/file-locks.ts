/**
 * One writer, or any number of readers, of a file in all processes of a user. Node has no fcntl locks,
 * so each user of a file leaves a mark in a directory for that: an empty file, which it keeps open,
 * named after the file, the use and the process.
 */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  unlinkSync,
  type BigIntStats,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

let marks = 0;

/**
 * @returns gives the lock back
 * @throws an error with the code EAGAIN when others have it
 */
export function lockFile(
  { dev, ino }: Pick<BigIntStats, "dev" | "ino">,
  write: boolean,
  directory: string = lockDirectory(process.env),
): () => void {
  const prefix = `${dev}-${ino}.`;
  const name = `${prefix}${write ? "w" : "r"}.${process.pid}.${performance.timeOrigin}-${marks++}`;
  const mark = join(directory, name);
  let fd: number;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    fd = openSync(mark, "wx", 0o600);
  } catch {
    // Where marks cannot be left nothing is locked, as under QEMU on file systems without locks.
    return () => {};
  }
  const release = (): void => {
    closeSync(fd);
    tryUnlink(mark);
  };
  // Who comes at the same moment sees our mark, or we see his, or both are refused.
  const others = readdirSync(directory).filter((other) => other !== name);
  const inTheWay = others.some((other) => {
    if (!other.startsWith(prefix) || !isAlive(join(directory, other), pidOf(other))) return false;
    return write || other.startsWith(`${prefix}w`);
  });
  if (!inTheWay) return release;
  release();
  throw Object.assign(new Error("the file is in use"), { code: "EAGAIN" });
}

function pidOf(mark: string): number {
  return Number(mark.split(".")[2]);
}

/** Whether the mark's owner has it open still; the mark is removed if not. */
function isAlive(mark: string, pid: number): boolean {
  const alive = process.platform === "linux" ? hasOpen(pid, mark) : isRunning(pid);
  if (!alive) tryUnlink(mark);
  return alive;
}

/** A thread that was ended has nothing open any more, nor has another process with the same number. */
function hasOpen(pid: number, path: string): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((fd) => {
      try {
        return readlinkSync(join(folder, fd)) === path;
      } catch {
        return false;
      }
    });
  } catch (error) {
    return (error as { code?: string }).code === "EACCES";
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

function tryUnlink(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Someone else cleaned up.
  }
}

function lockDirectory(env: Environment): string {
  const runtime = env["XDG_RUNTIME_DIR"];
  if (runtime) return join(runtime, "tabvisor", "locks");
  return join(tmpdir(), `tabvisor-${userInfo().uid}`, "locks");
}
