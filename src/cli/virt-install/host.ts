/** What virt-install needs of the place where it runs. */
import type { IsoSource } from "../../archive/iso9660/read-iso.ts";
import type { WebHost } from "../../storage/ports.ts";
import type { Stream } from "../../virt/driver/streams.ts";
import type { ToolHost } from "../virtinst/host.ts";

/** A file of the host that is read in pieces. */
export interface HostFile extends IsoSource {
  close(): Promise<void>;
}

export interface InstallHost extends ToolHost {
  /** @throws FileError, VmError systemError */
  readFile(path: string): Promise<Uint8Array>;
  /** @throws FileError, VmError systemError */
  openFile(path: string): Promise<HostFile>;
  readonly web: Pick<WebHost, "request">;
  now(): Date;
  /** Whether `console` can work. */
  hasTerminal(): boolean;
  /** Connects the terminal to a guest's console until the user or the guest ends it. */
  console(stream: Stream): Promise<void>;
  /** Resolves when the user pressed Enter, or after `ms`. */
  enterKey(ms: number): Promise<void>;
}
