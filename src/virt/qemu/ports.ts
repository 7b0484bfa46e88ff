/** What our driver needs from the page: machines, and places that outlive the page. */
import type { Machine } from "../../api/machine.ts";
import type { ImageSource, MachineConfig } from "../../api/types.ts";
import type { ImageFile } from "../connection.ts";
import type { DomainDefinition, ImageRef } from "../domain.ts";
import type { Storage } from "../storage/storage.ts";
import type { EfiFiles, GuestFile, GuestManifest } from "../guest-manifest.ts";

/** Where definitions are kept. */
export interface DefinitionStore {
  /** @returns null at the very first call in this browser */
  load(): Promise<readonly DomainDefinition[] | null>;
  save(definition: DomainDefinition): Promise<void>;
  remove(uuid: string): Promise<void>;
  /** Calls back after another page of this browser changed a definition. */
  watch(listener: () => void): void;
}

/** Where the user's own files are kept. */
export interface ImageStore {
  /** Whether they survive closing the page. */
  readonly persistent: boolean;
  /** @throws VmError when there is no room */
  put(file: ImageFile): Promise<ImageRef>;
  /** @throws VmError when the file is gone */
  open(ref: ImageRef): Promise<ImageSource>;
  remove(ref: ImageRef): Promise<void>;
}

/** One load, seen by who waits for it. */
export interface Loading {
  /** Told how many bytes have arrived since it was last told. */
  readonly onBytes: (count: number) => void;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/** Where a guest's files are. */
export type GuestFolder = Pick<GuestManifest, "name">;

/** The images that come with the page. */
export interface GuestCatalogue {
  /** @throws VmError when the catalogue or a manifest cannot be read */
  list(): Promise<readonly GuestManifest[]>;
  /** @throws VmError when there is no such guest */
  find(name: string): Promise<GuestManifest>;
  /** Where a file of the guest is read in parts. */
  address(guest: GuestManifest, file: GuestFile): string;
  /**
   * Reads one of the guest's files.
   *
   * @throws VmError naming the file when it cannot be read; the signal's reason once it is given up
   */
  load(guest: GuestFolder, file: GuestFile, loading: Loading): Promise<ImageSource>;
  /** The built-in UEFI firmware. @throws VmError when it is not there */
  efi(): Promise<EfiFiles>;
}

export interface QemuDriverPorts {
  createMachine(config: MachineConfig): Promise<Machine>;
  readonly definitions: DefinitionStore;
  readonly images: ImageStore;
  readonly guests: GuestCatalogue;
  /** Defined at the very first visit. */
  readonly firstDomains: readonly DomainDefinition[];
  /**
   * Claims a domain for this page: it runs, or is changed, in one page at a time.
   * @returns a function that gives it back, or null when another page has it
   */
  claim(uuid: string): Promise<(() => void) | null>;
  /** @param usersOf names of the active domains that use the file at a path */
  openStorage(usersOf: (path: string) => readonly string[]): Promise<Storage>;
  /** Milliseconds since 1970. */
  nowMs(): number;
}
