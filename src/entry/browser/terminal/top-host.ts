/** What virt-top needs of the page. */
import type { CommandIo } from "../../../cli/terminal/shell.ts";
import type { TopHost } from "../../../cli/virt-top/host.ts";
import { utf8Bytes, utf8Text } from "../../../util/bytes.ts";
import { readAll, writeAll } from "./file-stream.ts";
import type { Place } from "./place.ts";
import { toolHost } from "./tool-host.ts";
import { virshHost } from "./virsh-host.ts";

export function topHost(place: Place, io: CommandIo): TopHost {
  const { out, err, env, interruption } = toolHost(place, io);
  const { connect } = virshHost(place, io);
  return {
    ...{ out, err, env, interruption },
    nowMs: () => Date.now(),
    after: (ms, run) => {
      const timer = setTimeout(run, Math.min(ms, 2 ** 31 - 1));
      return () => clearTimeout(timer);
    },
    connect: (uri) => connect(uri, { readOnly: true }),
    terminal: () => ({ size: () => io.size(), onKeys: (listener) => io.raw(listener) }),
    readText: (path) => readAll(place.tools, place.absolute(path)).then(utf8Text, () => undefined),
    createText: async (path) => {
      const whole = place.absolute(path);
      let text = "";
      await writeAll(place.tools, whole, utf8Bytes(text));
      return {
        write: async (more) => {
          text += more;
          await writeAll(place.tools, whole, utf8Bytes(text));
        },
        close: async () => undefined,
      };
    },
  };
}
