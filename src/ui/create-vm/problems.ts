/** What keeps a draft from becoming a machine, and what is worth a warning. */
import { MACHINE_LIMITS } from "../../virt/machine-limits.ts";
import { formatBytes } from "../common/format.ts";
import type { Translate } from "../i18n/catalogue.ts";
import type { Around } from "./around.ts";
import { bringsDisk, chosenDisk, type Settled, type Step, STEPS, wantedBytes } from "./draft.ts";
import type { ImageKind } from "../common/image-kind.ts";

export type Field =
  | "guest"
  | "image"
  | "url"
  | "volume"
  | "kernel"
  | "initrd"
  | "memory"
  | "vcpus"
  | "pool"
  | "size"
  | "existing"
  | "name";

/** Where each field is. */
const STEP_OF: Readonly<Record<Field, Step>> = {
  guest: "source",
  image: "source",
  url: "source",
  volume: "source",
  kernel: "source",
  initrd: "source",
  memory: "hardware",
  vcpus: "hardware",
  pool: "storage",
  size: "storage",
  existing: "storage",
  name: "name",
};

export interface Remark {
  readonly field: Field;
  say(t: Translate): string;
  /** Nothing was entered yet: said when somebody tries to go on. */
  readonly isMissing?: boolean;
}

const MIB = 2 ** 20;

export function stepOf({ field }: Remark): Step {
  return STEP_OF[field];
}

/** In the order of the steps. */
export function problemsOf(settled: Settled, around: Around): readonly Remark[] {
  const found = [
    ...sourceProblems(settled, around),
    ...memoryProblems(settled),
    ...vcpusProblems(settled, around),
    ...storageProblems(settled, around),
    ...nameProblems(settled, around),
  ];
  return found.toSorted((a, b) => STEPS.indexOf(stepOf(a)) - STEPS.indexOf(stepOf(b)));
}

function sourceProblems(settled: Settled, { web }: Around): Remark[] {
  const missing = (field: Field, say: Remark["say"]): Remark[] => [{ field, say, isMissing: true }];
  const { source, guest, image, url, volume, kernel, initrd } = settled;
  switch (source) {
    case "guest":
      return guest ? [] : missing("guest", (t) => t("newVm.problem.guest"));
    case "file":
      if (!image) return missing("image", (t) => t("newVm.problem.image"));
      return mediumProblem("image", image);
    case "url":
      if (url.trim() === "") return missing("url", (t) => t("newVm.problem.url"));
      if (!webAddress(url)) return [{ field: "url", say: (t) => t("newVm.problem.url") }];
      if (!web) return missing("url", (t) => t("newVm.problem.urlUnknown"));
      if (settled.way === "overlay" && !web.acceptsRanges) {
        return [{ field: "url", say: (t) => t("newVm.problem.ranges") }];
      }
      return mediumProblem("url", web);
    case "import":
      return volume ? [] : missing("volume", (t) => t("newVm.problem.volume"));
    case "kernel": {
      if (!kernel) return missing("kernel", (t) => t("newVm.problem.kernel"));
      return [...roleProblem("kernel", kernel), ...(initrd ? roleProblem("initrd", initrd) : [])];
    }
  }
}

/** An address of the web that pages may read, also one beside this page; null for anything else. */
export function webAddress(text: string): URL | null {
  const base = typeof document === "undefined" ? undefined : document.baseURI;
  const url = text.trim() === "" ? null : URL.parse(text.trim(), base);
  const isBeside = base !== undefined && url?.origin === new URL(base).origin;
  return url && (url.protocol === "https:" || isBeside) ? url : null;
}

/** What is no image of a disk or a CD. */
function mediumProblem(
  field: Field,
  { kind, hasBacking }: { readonly kind: ImageKind; readonly hasBacking: boolean },
): Remark[] {
  if (hasBacking) return [{ field, say: (t) => t("newVm.problem.backing") }];
  if (kind.kind === "empty") return [{ field, say: (t) => t("newVm.problem.empty") }];
  if (kind.kind === "packed") {
    const { by } = kind;
    return [{ field, say: (t) => t("newVm.problem.packed", { by }) }];
  }
  if (kind.kind === "disk" || kind.kind === "iso") return [];
  return [{ field, say: (t) => t("newVm.problem.notBootable") }];
}

function roleProblem(field: "kernel" | "initrd", picked: NonNullable<Settled["kernel"]>): Remark[] {
  if (picked.from === "pool") return [];
  const { kind } = picked;
  if (kind.kind === "empty") return [{ field, say: (t) => t("newVm.problem.empty") }];
  if (kind.kind === "foreign") {
    return [{ field, say: (t) => t("newVm.problem.foreign", { what: kind.what }) }];
  }
  if (kind.kind === "packed" && field === "kernel") {
    return [{ field, say: (t) => t("newVm.problem.packed", { by: kind.by }) }];
  }
  const swapped = field === "kernel" ? kind.kind === "initrd" : kind.kind === "kernel";
  const isImage = kind.kind === "iso" || (kind.kind === "disk" && kind.format !== "raw");
  return swapped || isImage ? [{ field, say: (t) => t(`newVm.problem.not.${field}`) }] : [];
}

function memoryProblems({ memoryMib }: Settled): Remark[] {
  const { minMemoryBytes, maxMemoryBytes, memoryStepBytes } = MACHINE_LIMITS;
  const bytes = memoryMib * MIB;
  if (!(bytes >= minMemoryBytes && bytes <= maxMemoryBytes)) {
    const range = { min: minMemoryBytes / MIB, max: maxMemoryBytes / MIB };
    return [{ field: "memory", say: (t) => t("newVm.problem.memory", range) }];
  }
  if (bytes % memoryStepBytes === 0) return [];
  const step = memoryStepBytes / MIB;
  return [{ field: "memory", say: (t) => t("newVm.problem.memoryStep", { step }) }];
}

/** The most that the connection allows, and the machine has. */
export function mostVcpus({ host }: Around): number {
  return Math.min(host.maxVcpus, MACHINE_LIMITS.maxVcpus);
}

function vcpusProblems({ vcpus }: Settled, around: Around): Remark[] {
  const field = "vcpus";
  if (!Number.isInteger(vcpus)) return [{ field, say: (t) => t("newVm.problem.vcpus") }];
  if (vcpus < 1) return [{ field, say: (t) => t("newVm.problem.vcpusNone", { vcpus }) }];
  const max = mostVcpus(around);
  return vcpus > max ? [{ field, say: (t) => t("newVm.problem.vcpusMany", { max }) }] : [];
}

function storageProblems(settled: Settled, around: Around): Remark[] {
  if (settled.medium === "volume") return [];
  if (!bringsDisk(settled)) {
    if (settled.storage === "none") return [];
    if (settled.storage === "existing") {
      const say: Remark["say"] = (t) => t("newVm.problem.volume");
      return settled.existing ? [] : [{ field: "existing", say, isMissing: true }];
    }
  }
  return [...sizeProblems(settled), ...spaceProblems(settled, around)];
}

function sizeProblems(settled: Settled): Remark[] {
  const bytes = wantedBytes(settled);
  if (bytes === undefined && bringsDisk(settled)) return [];
  if (bytes !== undefined && bytes > 0 && Number.isSafeInteger(bytes)) return [];
  return [{ field: "size", say: (t) => t("newVm.problem.size") }];
}

/** What is copied must have a place; what grows is warned of. */
function spaceProblems(settled: Settled, around: Around): Remark[] {
  const requested = copiedBytes(settled, around);
  const available = poolOf(settled, around)?.availableBytes;
  if (available === undefined || requested <= available) return [];
  return [
    {
      field: "pool",
      say: (t) =>
        t("newVm.problem.space", {
          requested: formatBytes(requested, t),
          available: formatBytes(available, t),
        }),
    },
  ];
}

function poolOf({ pool }: Settled, { pools }: Around) {
  return pools.find(({ name }) => name === pool);
}

function copiedBytes({ source, image, way }: Settled, { web }: Around): number {
  if (source === "file") return image?.file.size ?? 0;
  return source === "url" && way === "copy" ? (web?.sizeBytes ?? 0) : 0;
}

function nameProblems({ name }: Settled, { domains }: Around): Remark[] {
  const field = "name";
  if (name === "") return [{ field, say: (t) => t("newVm.problem.noName") }];
  if (name.includes("/")) return [{ field, say: (t) => t("newVm.problem.nameSlash", { name }) }];
  const uuid = domains.get(name);
  if (uuid === undefined) return [];
  return [{ field, say: (t) => t("newVm.problem.nameTaken", { name, uuid }) }];
}

/** What may go wrong, or slowly. */
export function warningsOf(settled: Settled, around: Around): readonly Remark[] {
  return [
    ...sourceWarnings(settled, around),
    ...memoryWarnings(settled, around),
    ...vcpusWarnings(settled, around),
    ...diskWarnings(settled, around),
    ...growthWarnings(settled, around),
  ];
}

/** A raw disk and a plain binary can be any file: a document that was dropped by mistake, too. */
function sourceWarnings({ source, image, kernel }: Settled, { web }: Around): Remark[] {
  if (source === "file" && image?.isGuess) {
    return [{ field: "image", say: (t) => t("newVm.warning.guess") }];
  }
  if (source === "url" && web?.isGuess) {
    return [{ field: "url", say: (t) => t("newVm.warning.guess") }];
  }
  const isPlain = kernel?.from === "computer" && kernel.kind.kind === "disk";
  if (source !== "kernel" || !isPlain) return [];
  return [{ field: "kernel", say: (t) => t("newVm.warning.plainKernel") }];
}

function memoryWarnings({ source, guest, memoryMib }: Settled, { host }: Around): Remark[] {
  const needs = source === "guest" ? (guest?.leastMemoryBytes ?? 0) / MIB : 0;
  if (memoryMib < needs) {
    return [{ field: "memory", say: (t) => t("newVm.warning.memoryLow", { needs }) }];
  }
  const has = host.memoryMib;
  if (!(memoryMib > has)) return [];
  return [{ field: "memory", say: (t) => t("newVm.warning.memoryHigh", { has }) }];
}

function vcpusWarnings({ vcpus }: Settled, { host: { cpus } }: Around): Remark[] {
  if (!(vcpus > cpus)) return [];
  return [{ field: "vcpus", say: (t) => t("newVm.warning.overcommit", { count: cpus }) }];
}

/** virt-manager says so of disks, too, and lets its user have them. */
function diskWarnings(settled: Settled, around: Around): Remark[] {
  const disk = chosenDisk(settled);
  const users = disk ? around.usersOf(disk) : [];
  if (!disk || users.length === 0) return [];
  const field = settled.medium === "volume" ? "volume" : "existing";
  const values = { path: disk.path, names: users.join(", ") };
  return [{ field, say: (t) => t("newVm.warning.inUse", values) }];
}

function growthWarnings(settled: Settled, around: Around): Remark[] {
  const requested = wantedBytes(settled);
  const available = poolOf(settled, around)?.availableBytes;
  const isMade = bringsDisk(settled) ? settled.medium === "disk" : settled.storage === "new";
  if (!isMade || available === undefined || !(requested !== undefined && requested > available)) {
    return [];
  }
  return [
    {
      field: "size",
      say: (t) =>
        t("newVm.warning.growth", {
          requested: formatBytes(requested, t),
          available: formatBytes(available, t),
        }),
    },
  ];
}
