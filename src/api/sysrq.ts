/** A serial line that takes bytes without a writer's lock: the console holds that. */
interface Line {
  sendBreak(): Promise<void>;
  send(bytes: Uint8Array): Promise<void>;
}

/**
 * Linux's magic SysRq over a serial line: a break, then the command's letter within 5 s (kernel
 * documentation, admin-guide/sysrq). The kernel acts on it even where no program answers.
 */
const COMMANDS = [
  /** Sync: it is done by a kernel thread, hence the pause. */
  { letter: "s", pauseMs: 1000 },
  /** Remount all file systems read-only: likewise. */
  { letter: "u", pauseMs: 1000 },
  /** Power off. */
  { letter: "o", pauseMs: 0 },
] as const;

/** Time for the guest to see the break before the letter, in milliseconds. */
const BREAK_MS = 20;

/** Asks a Linux guest to power off; resolves when the last letter is under way. */
export async function requestPowerOff(line: Line): Promise<void> {
  for (const { letter, pauseMs } of COMMANDS) {
    await line.sendBreak();
    await delay(BREAK_MS);
    await line.send(Uint8Array.of(letter.charCodeAt(0)));
    await delay(pauseMs);
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
