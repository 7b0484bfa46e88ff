/** What the driver of `qemu:///system` needs of the place where it runs. */
import type { Machine } from "../../../api/machine.ts";
import type { ImageSource, MachineConfig } from "../../../api/types.ts";
import type { DomainBlockInfo } from "../../driver/domain-calls.ts";
import type { NodeInfo } from "../../driver/host-calls.ts";
import type { PoolStore } from "../../storage/ports.ts";
import type { Storage } from "../../storage/storage.ts";

/**
 * Small text files that outlive the driver, by paths like `qemu/NAME.xml`. Nobody but the user can
 * read them. Calls reject with `VmError` systemError.
 */
export interface TextFiles {
  /** Names of the files in a directory; none where it is missing. */
  list(directory: string): Promise<readonly string[]>;
  /** Null where there is none. */
  read(path: string): Promise<string | null>;
  /** Makes or replaces a file: after a crash the old text is there, or the new one. */
  write(path: string, text: string): Promise<void>;
  /** Does nothing where there is none. */
  remove(path: string): Promise<void>;
}

/** Where earlier versions kept pools' definitions: JSON files in a directory of their own. */
export interface EarlierPools {
  /** Names of the files; null where there is no directory. */
  list(): Promise<readonly string[] | null>;
  read(name: string): Promise<string | null>;
  remove(name: string): Promise<void>;
  /** Removes the directory, unless a definition is left in it. */
  clear(): Promise<void>;
}

/** Takes what is to be called when a file is needed no more. */
export type Hold = (release: () => void) => void;

/** Images of the host, by the absolute paths that definitions give. */
export interface HostImages {
  /**
   * An image that is loaded at each boot, also when its file was removed meanwhile.
   *
   * @param hold told how to let go of the file
   * @throws VmError systemError where it is not there
   */
  bootImage(path: string, hold: Hold): Promise<ImageSource>;
  /** Firmware for domains that name none. @throws VmError where there is none */
  defaultFirmware(): Promise<ImageSource>;
  /** A file's contents. @throws VmError systemError */
  read(path: string): Promise<Uint8Array>;
  /** Whether a disk's file is there and can be used. @throws VmError systemError in libvirt's words */
  check(path: string): Promise<void>;
  /** Whether a file is there. */
  exists(path: string): Promise<boolean>;
  /** @throws VmError systemError */
  remove(path: string): Promise<void>;
  /** @throws VmError systemError */
  info(path: string): Promise<DomainBlockInfo>;
}

/** A file that is being written, from its start on. */
export interface OutputFile {
  /** @throws VmError systemError */
  write(bytes: Uint8Array): Promise<void>;
  /** The file is whole. @throws VmError systemError */
  close(): Promise<void>;
  /** Removes the file. */
  discard(): Promise<void>;
}

/** How long a CPU of the host did what since it started, in milliseconds. */
export interface CpuTimes {
  readonly kernelMs: number;
  readonly userMs: number;
  readonly idleMs: number;
}

export interface HostFacts {
  readonly hostname: string;
  /** Of the emulator: 1,000,000 × major + 1,000 × minor + release. */
  readonly version: number;
  /** What stands in `<emulator>` where a definition has none. */
  readonly emulator: string;
  /** Where channels' sockets would be. */
  readonly channelFolder: string;
  /** The file of the EFI firmware. */
  readonly efiLoader: string;
  /** The file that a domain's EFI variables begin as. */
  readonly efiVars: string;
  /** Where domains' EFI variables are kept. */
  readonly nvramFolder: string;
  readonly node: NodeInfo;
  /** Bytes that are free now; null where the host does not tell. */
  freeMemory(): bigint | null;
  /** Of each CPU; absent where the host does not tell. */
  cpuTimes?(): readonly CpuTimes[];
}

export interface QemuPorts {
  /** A machine that is off. */
  createMachine(config: MachineConfig): Machine;
  readonly files: TextFiles;
  readonly images: HostImages;
  readonly host: HostFacts;
  /**
   * Makes a file, or empties it; absent where the host keeps no files of that kind.
   *
   * @throws VmError systemError in libvirt's words
   */
  createFile?(path: string): Promise<OutputFile>;
  /** Absent where there were no earlier versions. */
  readonly earlierPools?: EarlierPools;
  /**
   * @param usersOf names of the active domains that use the file at a path
   * @param store where pools' definitions are
   */
  openStorage(usersOf: (path: string) => readonly string[], store: PoolStore): Promise<Storage>;
  /** Milliseconds since 1970. */
  nowMs(): number;
  newUuid(): string;
  /** A random MAC address of QEMU's range. */
  newMac(): string;
}
