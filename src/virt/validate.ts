/** What a definition may say. The dialogs show these problems beside their fields. */
import { vmError } from "../protocol/vm-error.ts";
import type { Capabilities } from "./connection.ts";
import type { DiskDefinition, DomainDefinition } from "./domain.ts";

/** One thing that is wrong with a definition; the page has a sentence for each in its language. */
export type Problem =
  | { readonly field: "name"; readonly kind: "empty" | "slash" | "lineBreak" | "tooLong" }
  | { readonly field: "memory"; readonly kind: "range" | "step" }
  | { readonly field: "vcpus"; readonly kind: "range" }
  | { readonly field: "boot"; readonly kind: "nothing" }
  | { readonly field: "disks"; readonly kind: DiskProblem };

type DiskProblem = "duplicate" | "noSource" | "cdromBus";

const MAX_NAME = 250;

const SENTENCES = {
  name: {
    empty: "the name is empty",
    slash: "name '%' must not contain '/'",
    lineBreak: "the name must not contain a line break",
    tooLong: `the name is longer than ${MAX_NAME} characters`,
  },
  memory: {
    range: "memory is outside the range that the driver supports",
    step: "memory is not a multiple of the driver's step",
  },
  vcpus: { range: "the number of virtual CPUs is outside the range that the driver supports" },
  boot: { nothing: "there is neither a kernel nor firmware to boot" },
  disks: {
    duplicate: "two disks have the same target",
    noSource: "a disk has no source; only a CD-ROM drive can be without a medium",
    cdromBus: "a CD-ROM drive needs the SCSI bus",
  },
} as const;

/** Every problem of the definition, in the order of its fields. */
export function problems(definition: DomainDefinition, capabilities: Capabilities): Problem[] {
  const found: Problem[] = [];
  const name = nameProblem(definition.name);
  if (name) found.push({ field: "name", kind: name });
  const { minMemoryBytes: min, maxMemoryBytes: max, memoryStepBytes } = capabilities;
  const memory = definition.memoryBytes;
  if (!(memory >= min && memory <= max)) found.push({ field: "memory", kind: "range" });
  else if (memory % memoryStepBytes !== 0) found.push({ field: "memory", kind: "step" });
  const { vcpus, boot } = definition;
  if (!Number.isInteger(vcpus) || vcpus < 1 || vcpus > capabilities.maxVcpus) {
    found.push({ field: "vcpus", kind: "range" });
  }
  if (boot.kind === "files" && !boot.kernel && !boot.firmware && !boot.efi) {
    found.push({ field: "boot", kind: "nothing" });
  }
  const disk = diskProblem(definition.disks ?? []);
  if (disk) found.push({ field: "disks", kind: disk });
  return found;
}

function diskProblem(disks: readonly DiskDefinition[]): DiskProblem | null {
  if (new Set(disks.map(({ target }) => target)).size < disks.length) return "duplicate";
  if (disks.some(({ device, source }) => device === "disk" && !source)) return "noSource";
  return disks.some(({ device, bus }) => device === "cdrom" && bus === "virtio")
    ? "cdromBus"
    : null;
}

/** @throws VmError invalidArg for the first problem */
export function checkDefinition(definition: DomainDefinition, capabilities: Capabilities): void {
  const [first] = problems(definition, capabilities);
  if (!first) return;
  const sentences: Readonly<Record<string, string>> = SENTENCES[first.field];
  throw vmError("invalidArg", (sentences[first.kind] ?? "").replace("%", definition.name));
}

/** libvirt refuses names that could not be a file's: empty, with a slash or a line break. */
function nameProblem(name: string): (Problem & { field: "name" })["kind"] | null {
  if (name.trim() === "") return "empty";
  if (name.includes("/")) return "slash";
  if (/[\r\n]/.test(name)) return "lineBreak";
  return name.length > MAX_NAME ? "tooLong" : null;
}
