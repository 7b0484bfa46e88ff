/** A guest's console on the terminal. */
import type { CommandIo } from "../../../cli/terminal/shell.ts";
import { utf8Bytes } from "../../../util/bytes.ts";
import type { Stream } from "../../../virt/driver/streams.ts";

/** The character that `^X` stands for. */
function controlOf(escape: string): string {
  const char = escape.charCodeAt(escape.length - 1);
  return String.fromCharCode(escape.length === 1 ? char : char & 0x1f);
}

/** Copies between the terminal and the stream until either ends, or the user types `escape`. */
export async function consoleOnTty(
  io: Pick<CommandIo, "raw">,
  show: (bytes: Uint8Array) => void,
  stream: Stream,
  escape: string,
): Promise<void> {
  const stop = controlOf(escape);
  let leave: () => void = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const restore = io.raw((text) => {
    const end = text.indexOf(stop);
    void stream.write(utf8Bytes(end < 0 ? text : text.slice(0, end))).catch(leave);
    if (end >= 0) leave();
  });
  const printed = (async () => {
    for (let bytes = await stream.read(); bytes !== null; bytes = await stream.read()) {
      if (typeof bytes !== "number") show(bytes);
    }
  })();
  try {
    await Promise.race([left, printed]);
  } finally {
    restore();
    stream.abort();
  }
}
