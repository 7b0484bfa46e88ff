/** libvirt's connection: the page's and the command line's only way to domains. */
import type { MachineStats } from "../api/types.ts";
import type { ConsoleDevice, DomainConsole } from "./console.ts";
import type { Domain, DomainDefinition, DomainDiff, ImageRef } from "./domain.ts";
import type { DomainDisks } from "./domain-disks.ts";
import type { GuestManifest } from "./guest-manifest.ts";
import type { Storage } from "./storage/storage.ts";

/** The parts of a browser's `File` that an image needs. */
export interface ImageFile {
  readonly name: string;
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** What definitions may ask of a driver. */
export interface Capabilities {
  readonly minMemoryBytes: number;
  readonly maxMemoryBytes: number;
  /** Memory is a multiple of this. */
  readonly memoryStepBytes: number;
  readonly maxVcpus: number;
  /** Whether image files survive closing the page. */
  readonly imagesPersist: boolean;
}

/**
 * An open connection. Verbs reject with `VmError`: `noDomain` for an unknown UUID, and
 * `operationInvalid` where the state forbids the verb (`verbs.ts`).
 */
export interface Connection {
  readonly uri: string;
  readonly capabilities: Capabilities;
  /** Pools and volumes. */
  readonly storage: Storage;
  /** All domains by name. The array is a new one after every change, and only then. */
  domains(): readonly Domain[];
  /** Calls back after every change; returns a function that stops it. */
  subscribe(listener: (diff: DomainDiff) => void): () => void;

  /** Adds a definition, or replaces the one with its UUID. */
  define(definition: DomainDefinition): Promise<void>;
  /** Removes a definition and the images that only it uses. */
  undefine(uuid: string): Promise<void>;
  create(uuid: string): Promise<void>;
  suspend(uuid: string): Promise<void>;
  resume(uuid: string): Promise<void>;
  reset(uuid: string): Promise<void>;
  /** Asks the guest to power off; resolves when it was asked, not when it is off. */
  shutdown(uuid: string): Promise<void>;
  /** Pulls the plug. */
  destroy(uuid: string): Promise<void>;

  /** A domain's consoles, the first one first. */
  consoles(uuid: string): readonly ConsoleDevice[];
  /** The same object over the domain's life. */
  console(uuid: string, device: ConsoleDevice): DomainConsole;
  /** Counters of the present run; null while shut off. */
  stats(uuid: string): Promise<MachineStats | null>;

  /** The disks of the present run. */
  disks(uuid: string): DomainDisks;

  /** The built-in guest images. @throws VmError when one cannot be read */
  guests(): Promise<readonly GuestManifest[]>;
  /** Keeps a file for use in definitions. */
  storeImage(file: ImageFile): Promise<ImageRef>;
}
