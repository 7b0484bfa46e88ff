/** What virt-install and its relatives need of the page. */
import type { CommandIo } from "../../../cli/terminal/shell.ts";
import { fetchWeb } from "../../../host/web/fetch-web.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import type { HostFile, InstallHost } from "../../../cli/virt-install/host.ts";
import type { PathKind } from "../../../cli/virtinst/host.ts";
import type { Place } from "./place.ts";
import { virshHost } from "./virsh-host.ts";

export function toolHost(place: Place, io: CommandIo): InstallHost {
  const { out, err, env, nowMs, connect, hasTerminal, console, sleep, readFile } = virshHost(
    place,
    io,
  );
  const pathKind = async (path: string): Promise<PathKind> =>
    (await (await place.tools.service()).stat(path))?.kind;
  return {
    ...{ out, err, env, nowMs, hasTerminal, sleep, pathKind, readFile },
    openFile: (path) => openFile(place, path),
    web: fetchWeb,
    now: () => new Date(),
    enterKey: (ms) => enterKey(io, ms),
    columns: () => io.size().columns,
    interruption: () => new Promise((done) => void io.interrupt.onPress(done)),
    connect: (uri) => connect(uri, {}),
    console: (stream) => console(stream, "^]"),
    absolutePath: (path) => place.absolute(path),
    newUuid: () => crypto.randomUUID(),
    randomBytes: () => [...crypto.getRandomValues(new Uint8Array(3))],
  };
}

/** @throws VmError systemError */
async function openFile(place: Place, path: string): Promise<HostFile> {
  const service = await place.tools.service();
  const whole = place.absolute(path);
  const sizeBytes = (await service.stat(whole))?.sizeBytes;
  if (sizeBytes === undefined) {
    throw vmError("systemError", `Failed to open file '${path}': No such file or directory`);
  }
  const file = await service.open(whole, "read");
  return {
    sizeBytes,
    read: (offset, length) => service.readAt(file, offset, length),
    close: () => service.close(file),
  };
}

function enterKey(io: CommandIo, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      restore();
      resolve();
    };
    const restore = io.raw((text) => {
      if (/[\r\n]/.test(text)) finish();
    });
    const timer = setTimeout(finish, ms);
  });
}
