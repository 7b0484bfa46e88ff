/** What virt-install and its relatives need of the page. */
import type { CommandIo } from "../../../cli/terminal/shell.ts";
import type { InstallHost } from "../../../cli/virt-install/host.ts";
import type { PathKind } from "../../../cli/virtinst/host.ts";
import type { Place } from "./place.ts";
import { virshHost } from "./virsh-host.ts";

export function toolHost(place: Place, io: CommandIo): InstallHost {
  const { out, err, env, nowMs, connect, hasTerminal, console, sleep } = virshHost(place, io);
  const pathKind = async (path: string): Promise<PathKind> =>
    (await (await place.tools.service()).stat(path))?.kind;
  return {
    ...{ out, err, env, nowMs, hasTerminal, sleep, pathKind },
    columns: () => io.size().columns,
    interruption: () => new Promise((done) => void io.interrupt.onPress(done)),
    connect: (uri) => connect(uri, {}),
    console: (stream) => console(stream, "^]"),
    absolutePath: (path) => place.absolute(path),
    newUuid: () => crypto.randomUUID(),
    randomBytes: () => [...crypto.getRandomValues(new Uint8Array(3))],
  };
}
