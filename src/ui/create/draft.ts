/** What the dialog holds while a definition is being written. Pure: no React, no DOM but `File`. */
import type { AiaKind } from "../../api/types.ts";
import type { Capabilities } from "../../virt/connection.ts";
import type {
  BootSource,
  CommandLineChoice,
  DiskDefinition,
  DomainDefinition,
  ImageRef,
} from "../../virt/domain.ts";
import { guestDisk } from "../../virt/guest-disk.ts";
import type { GuestManifest } from "../../virt/guest-manifest.ts";
import { type Problem, problems } from "../../virt/validate.ts";

const MIB = 2 ** 20;

/** A file that was just chosen, or one that is stored already. */
export type Picked = File | ImageRef;

export const ROLES = ["kernel", "initrd", "firmware"] as const;
export type Role = (typeof ROLES)[number];

export const AIA_CHOICES = ["auto", "none", "aplic", "aplic-imsic"] as const satisfies readonly (
  | AiaKind
  | "auto"
)[];

export interface Draft {
  readonly uuid: string;
  readonly name: string;
  readonly source: BootSource["kind"];
  readonly guest: string;
  readonly line: CommandLineChoice["kind"];
  /** Text of one's own command line for the built-in guest. */
  readonly custom: string;
  readonly files: { readonly [R in Role]?: Picked };
  /** UEFI firmware boots one's own files, or disks. */
  readonly efi: boolean;
  /** Command line for one's own files. */
  readonly append: string;
  /** As typed: may be no number. */
  readonly memoryMiB: number;
  readonly vcpus: number;
  readonly disks: readonly DiskDefinition[];
  /** The interrupt controllers; `auto` leaves them to the driver. */
  readonly aia: (typeof AIA_CHOICES)[number];
}

export type DraftProblem = Problem | { readonly field: "name"; readonly kind: "taken" };

/** A new machine's draft. */
export function newDraft(uuid: string, name: string): Draft {
  return {
    uuid,
    name,
    source: "guest",
    guest: "shell",
    line: "fast",
    custom: "",
    files: {},
    efi: false,
    append: "console=ttyS0",
    memoryMiB: 256,
    vcpus: 1,
    disks: [],
    aia: "auto",
  };
}

/** A draft that `toDefinition` turns back into the same definition. */
export function draftOf(definition: DomainDefinition): Draft {
  const { uuid, name, memoryBytes, vcpus, boot, disks = [], aia = "auto" } = definition;
  const memoryMiB = memoryBytes / MIB;
  const base: Draft = { ...newDraft(uuid, name), memoryMiB, vcpus, disks, aia };
  if (boot.kind === "files") {
    const { firmware, kernel, initrd, append, efi = false } = boot;
    const files = { ...(kernel && { kernel }), ...(initrd && { initrd }) };
    const picked = { ...files, ...(firmware && { firmware }) };
    return { ...base, source: "files", append, efi, files: picked };
  }
  const { guest, commandLine } = boot;
  const custom = commandLine.kind === "custom" ? commandLine.append : "";
  return { ...base, guest, line: commandLine.kind, custom };
}

/** Another guest: with as much memory as it is comfortable in, and the disk that it needs. */
export function withGuest(
  draft: Draft,
  name: string,
  guests: readonly GuestManifest[],
): Partial<Draft> {
  const guest = guests.find((each) => each.name === name);
  const usualMiB = (guest?.usualMemoryBytes ?? 0) / MIB;
  const others = draft.disks.filter(({ backing }) => backing === undefined);
  const own = guest && guestDisk(guest, draft.uuid);
  return {
    guest: name,
    memoryMiB: Math.max(draft.memoryMiB || 0, usualMiB),
    disks: own ? [own, ...others] : others,
  };
}

/** @param refs the stored files that stand for the picked ones */
export function toDefinition(
  draft: Draft,
  refs: { readonly [R in Role]?: ImageRef },
): DomainDefinition {
  const { uuid, vcpus, aia, disks } = draft;
  const memoryBytes = draft.memoryMiB * MIB;
  const machine = { uuid, name: draft.name.trim(), memoryBytes, vcpus, boot: bootOf(draft, refs) };
  return {
    ...machine,
    ...(disks.length > 0 && { disks }),
    ...(aia !== "auto" && { aia }),
  };
}

function bootOf(draft: Draft, refs: { readonly [R in Role]?: ImageRef }): BootSource {
  const { efi, append } = draft;
  if (draft.source === "files") {
    return { kind: "files", ...(efi && { efi }), ...refs, append: append.trim() };
  }
  const { guest, line, custom } = draft;
  const commandLine: CommandLineChoice =
    line === "custom" ? { kind: line, append: custom.trim() } : { kind: line };
  return { kind: "guest", guest, commandLine };
}

/** Everything that keeps the draft from becoming a definition. */
export function draftProblems(
  draft: Draft,
  capabilities: Capabilities,
  otherNames: ReadonlySet<string>,
): DraftProblem[] {
  const stand = (picked: Picked): ImageRef => ({ key: "", name: picked.name, sizeBytes: 0 });
  const { kernel, initrd, firmware } = draft.files;
  const refs = {
    ...(kernel && { kernel: stand(kernel) }),
    ...(initrd && { initrd: stand(initrd) }),
    ...(firmware && { firmware: stand(firmware) }),
  };
  const found: DraftProblem[] = problems(toDefinition(draft, refs), capabilities);
  if (otherNames.has(draft.name.trim())) found.unshift({ field: "name", kind: "taken" });
  return found;
}

/** The role that a dropped file most likely has, by its name. */
export function guessRole(fileName: string): Role {
  const name = fileName.toLowerCase();
  if (/initr|\.cpio|ramdisk/.test(name)) return "initrd";
  if (/fw_|opensbi|firmware|bios|\.fd$/.test(name)) return "firmware";
  return "kernel";
}
