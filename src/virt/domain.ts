/** libvirt's domain: what is defined, and what it is doing. Records are immutable. */
import type { AiaKind, MachineState, StateReason } from "../api/types.ts";
import type { Verb } from "./verbs.ts";

/** A file of the user's, kept by the connection's image store under `key`. */
export interface ImageRef {
  readonly key: string;
  /** The name the file had, shown in the page and in error messages. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** Which of a built-in guest's command lines to boot with, or one's own. */
export type CommandLineChoice =
  | { readonly kind: "fast" }
  | { readonly kind: "stock" }
  | { readonly kind: "custom"; readonly append: string };

/** Where firmware, kernel and initrd come from. */
export type BootSource =
  | { readonly kind: "guest"; readonly guest: string; readonly commandLine: CommandLineChoice }
  | {
      readonly kind: "files";
      /** libvirt's `<os firmware='efi'>`: the built-in UEFI firmware, with variables of the domain's own. */
      readonly efi?: boolean;
      /** M-mode firmware; the built-in OpenSBI when absent. */
      readonly firmware?: ImageRef;
      readonly kernel?: ImageRef;
      readonly initrd?: ImageRef;
      readonly append: string;
    };

/** The image of a built-in guest that a disk stands on: it is read from the server, never written. */
export interface GuestBacking {
  readonly guest: string;
  /** The build of the guest: a disk over one build is damaged over another. */
  readonly key: string;
}

/** A disk or drive, in the words of libvirt's `<disk>`. */
export interface DiskDefinition {
  /** The name that tells the disks of a domain apart (target dev): `vda`, `sda`. */
  readonly target: string;
  readonly device: "disk" | "cdrom";
  readonly bus: "virtio" | "scsi";
  /** A path on the connection's host or an address; absent: a CD-ROM drive without a medium. */
  readonly source?: string;
  /** The image's format (driver type); found out when absent. */
  readonly format?: string;
  readonly readonly?: boolean;
  /** `writeback` when absent. */
  readonly cache?: "none" | "writeback" | "writethrough" | "directsync" | "unsafe";
  /** `ignore` when absent. */
  readonly discard?: "unmap" | "ignore";
  /** What becomes of the guest when writing fails: `enospace` when absent. */
  readonly errorPolicy?: "stop" | "report" | "ignore" | "enospace";
  readonly serial?: string;
  /** The image is made over this one when it is missing. */
  readonly backing?: GuestBacking;
}

/** A persistent definition. Changing it takes effect at the next start. */
export interface DomainDefinition {
  /** RFC 9562 text form, lower case. */
  readonly uuid: string;
  /** Unique within a connection; see `checkName`. */
  readonly name: string;
  readonly memoryBytes: number;
  readonly vcpus: number;
  readonly boot: BootSource;
  readonly disks?: readonly DiskDefinition[];
  /** The interrupt controllers; the driver chooses when absent. */
  readonly aia?: AiaKind;
}

/** A domain as seen through a connection at one moment. */
export interface Domain {
  readonly definition: DomainDefinition;
  readonly state: MachineState;
  readonly reason: StateReason;
  /** For `crashed` and `failed`: one sentence. */
  readonly message?: string;
  /** The guest's exit status once it ended by itself. */
  readonly exitCode?: number;
  /** Milliseconds since 1970 at which this run began; absent while shut off. */
  readonly startedAtMs?: number;
  /** Milliseconds of this run that were spent paused, up to the last resume. */
  readonly pausedForMs: number;
  /** Milliseconds since 1970 of the last change of state, once there was one. */
  readonly changedAtMs?: number;
  /** The verb in progress. */
  readonly job?: Verb;
  /** How much of the job's data has arrived, 0 to 1; absent where that is not known. */
  readonly progress?: number;
}

/** What changed between two moments; the only way the page learns of changes. */
export interface DomainDiff {
  readonly added: readonly Domain[];
  readonly updated: readonly Domain[];
  /** UUIDs. */
  readonly removed: readonly string[];
}

/** Milliseconds of guest uptime at `nowMs`: the run so far without its pauses; 0 when shut off. */
export function uptimeMs(domain: Domain, nowMs: number): number {
  const { startedAtMs, changedAtMs, pausedForMs, state } = domain;
  if (startedAtMs === undefined || state === "shutoff") return 0;
  const end = state === "running" ? nowMs : (changedAtMs ?? nowMs);
  return Math.max(0, end - startedAtMs - pausedForMs);
}
