/** A place to run virt-install in: files and web pages in memory, no terminal, all that it says kept. */
import type { Stream } from "../../../virt/driver/streams.ts";
import { FileError, type PathKind } from "../../virtinst/host.ts";
import { FakeToolHost } from "../../virtinst/testing.ts";
import type { HostFile, InstallHost } from "../host.ts";

export class FakeInstallHost extends FakeToolHost implements InstallHost {
  readonly files = new Map<string, Uint8Array>();
  /** By address; others are not found. */
  readonly pages = new Map<string, Uint8Array>();

  override readonly pathKind = async (path: string): Promise<PathKind> => {
    if (this.files.has(path)) return "file";
    const isFolder = [...this.files.keys()].some((each) => each.startsWith(`${path}/`));
    return isFolder ? "directory" : undefined;
  };
  readonly readFile = async (path: string): Promise<Uint8Array> => {
    const bytes = this.files.get(path);
    if (bytes) return bytes;
    throw new FileError(2, "No such file or directory", path);
  };
  readonly openFile = async (path: string): Promise<HostFile> => {
    const bytes = await this.readFile(path);
    return {
      sizeBytes: bytes.length,
      read: async (offset, length) => bytes.subarray(offset, offset + length),
      close: async () => {},
    };
  };
  readonly web: InstallHost["web"] = {
    request: async (_method, url) => {
      const bytes = this.pages.get(url);
      return {
        status: bytes ? 200 : 404,
        header: () => null,
        body: async () => bytes ?? new Uint8Array(0),
        cancel: () => {},
      };
    },
  };
  readonly now = (): Date => new Date(0);
  readonly hasTerminal = (): boolean => false;
  readonly console = async (_stream: Stream): Promise<void> => {};
  readonly enterKey = async (): Promise<void> => {};
}
