/** What pools need from the page or the command line. */
import type { StorageService } from "../../protocol/storage-service.ts";
import type { PoolDefinition } from "./pool.ts";

/** Where the definitions of persistent pools are kept. */
export interface PoolStore {
  /** @returns null at the very first call on this host */
  load(): Promise<readonly PoolDefinition[] | null>;
  /** Makes or replaces one: after a crash the old definition is there, or the new one. */
  save(definition: PoolDefinition): Promise<void>;
  setAutostart(definition: PoolDefinition, autostart: boolean): Promise<void>;
  remove(definition: PoolDefinition): Promise<void>;
}

/** Folders of the user's computer, where a browser gives pages any. */
export interface FolderPorts {
  /** Asks the user for one. @returns its path; null when none was chosen */
  pick(): Promise<string | null>;
  /** Asks for permission to the folder that a path is in, if it is in one. */
  ask(path: string): Promise<void>;
}

export interface StoragePorts {
  readonly folders?: FolderPorts;
  readonly store: PoolStore;
  /** Called when storage is first needed. */
  engine(): Promise<Omit<StorageService, "handshake">>;
  /** Names of the active domains that have a disk at this path. */
  usersOf(path: string): readonly string[];
  /** Asks the host to keep what is stored; called before the user's first volume is made. */
  persist(): Promise<void>;
  /** RFC 9562 text form, lower case. */
  newUuid(): string;
  delay(ms: number): Promise<void>;
}
