/** A guest's console on this process's terminal. */
import { vmError } from "../../protocol/vm-error.ts";
import type { Stream } from "../../virt/driver/streams.ts";

/** The character that `^X` stands for. */
function controlOf(escape: string): number {
  const char = escape.charCodeAt(escape.length - 1);
  return escape.length === 1 ? char : char & 0x1f;
}

/**
 * Copies between the terminal and the stream until either ends, or the user types `escape`.
 * @throws VmError operationFailed where standard input is no terminal
 */
export async function consoleOnTerminal(stream: Stream, escape: string): Promise<void> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY) {
    throw vmError("internalError", "Cannot run interactive console without a controlling TTY");
  }
  const stop = controlOf(escape);
  stdin.setRawMode(true);
  const typed = new Promise<void>((resolve) => {
    stdin.on("data", (chunk: Buffer) => {
      const end = chunk.indexOf(stop);
      void stream.write(new Uint8Array(end < 0 ? chunk : chunk.subarray(0, end))).catch(resolve);
      if (end >= 0) resolve();
    });
    stdin.once("end", resolve);
    // A listener alone does not wake what was paused, as after a console before.
    stdin.resume();
  });
  const printed = (async () => {
    for (let bytes = await stream.read(); bytes !== null; bytes = await stream.read()) {
      if (typeof bytes !== "number") stdout.write(bytes);
    }
  })();
  try {
    await Promise.race([typed, printed]);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stdin.removeAllListeners("data");
    stream.abort();
  }
}
