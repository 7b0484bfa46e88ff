/** What virt-clone needs of the page: its host's files, read anywhere and written in order. */
import type { CommandIo } from "../../../cli/terminal/shell.ts";
import type { CloneHost, LocalFile } from "../../../cli/virt-clone/host.ts";
import { FileError } from "../../../cli/virtinst/host.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import { utf8Text } from "../../../util/bytes.ts";
import { readAll } from "./file-stream.ts";
import type { Place } from "./place.ts";
import { toolHost } from "./tool-host.ts";

export function cloneHost(place: Place, io: CommandIo): CloneHost {
  const sizeOf = async (path: string): Promise<number | undefined> =>
    (await (await place.tools.service()).stat(place.absolute(path)))?.sizeBytes;
  return {
    ...toolHost(place, io),
    readText: async (path) => {
      if ((await sizeOf(path)) === undefined) throw missing(path);
      return utf8Text(await readAll(place.tools, place.absolute(path)));
    },
    openFile: async (path, mode) => {
      if (mode === "read" && (await sizeOf(path)) === undefined) throw missing(path);
      return openFile(place, place.absolute(path), mode);
    },
    sizeOf: async (path) => (await sizeOf(path)) ?? 0,
    freeBytes: async () => {
      const { quota = 0, usage = 0 } = await navigator.storage.estimate();
      return Math.max(quota - usage, 0);
    },
  };
}

const NO_ENTRY = 2;

function missing(path: string): FileError {
  return new FileError(NO_ENTRY, "No such file or directory", path);
}

async function openFile(place: Place, path: string, mode: "read" | "write"): Promise<LocalFile> {
  const service = await place.tools.service();
  const file = await service.open(path, mode);
  let end = 0;
  let wanted = 0;
  const fillTo = async (at: number): Promise<void> => {
    if (at > end) await service.writeHole(file, at - end);
    end = Math.max(end, at);
  };
  return {
    read: async (buffer, at) => {
      const bytes = await service.readAt(file, at, buffer.length);
      buffer.set(bytes);
      return bytes.length;
    },
    write: async (bytes, at) => {
      if (at < end) throw vmError("internalError", `${path} is written in order only`);
      await fillTo(at);
      await service.write(file, bytes.slice());
      end = at + bytes.length;
    },
    resize: async (sizeBytes) => {
      wanted = sizeBytes;
    },
    close: async () => {
      await fillTo(wanted);
      await service.close(file);
    },
  };
}
