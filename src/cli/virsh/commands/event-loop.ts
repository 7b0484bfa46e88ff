/** Waiting until something is told, the time is over, or the user has enough of it. */
import type { Session } from "../shell/session.ts";

/** `YYYY-MM-DD HH:MM:SS.mmm+0000: `, where the option asks for it. */
export function stampOf(command: { has(name: "timestamp"): boolean }): string {
  if (!command.has("timestamp")) return "";
  return `${new Date().toISOString().replace("T", " ").replace("Z", "+0000")}: `;
}

/**
 * Prints what is told: the first text, or with `--loop` all of them until the time is over.
 *
 * @param limitMs 0 for no end
 * @param subscribe calls `tell` for each text; resolves with what ends that
 * @returns whether there was any
 */
export async function waitForEvents(
  session: Session,
  command: { has(name: "loop"): boolean },
  limitMs: number,
  subscribe: (tell: (text: string) => void) => Promise<() => void>,
): Promise<boolean> {
  const loop = command.has("loop");
  let count = 0;
  let enough: () => void = () => {};
  const hasEnough = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const stop = await subscribe((text) => {
    if (!loop && count > 0) return;
    count++;
    session.print(text);
    if (!loop) enough();
  });
  const limit = limitMs === 0 ? Number.POSITIVE_INFINITY : limitMs;
  const over = await session.host.sleep(limit, hasEnough);
  stop();
  if (loop || count === 0) session.print(`event loop ${over ? "timed out" : "interrupted"}\n`);
  session.print(`events received: ${count}\n`);
  return count > 0;
}
