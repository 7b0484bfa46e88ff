import type {
  Accelerator,
  AiaKind,
  DeviceConfig,
  DriveConfig,
  FlashConfig,
} from "../../api/types.ts";
import { parseDevices } from "./devices.ts";
import { withDeviceProperties } from "./drive-properties.ts";
import { parseDrives, type ParsedDrive } from "./drives.ts";
import { parseEfi, type EfiChoice } from "./efi.ts";
import { parseFirmwareFiles, type GivenFirmwareFile } from "./firmware-files.ts";
import { parseMachine } from "./machine.ts";
import type { GivenOptions } from "./option-table.ts";
import { lastOf, scanOptions } from "./scan.ts";
import { UsageError } from "./usage-error.ts";
import { onlyKeys, parseCount, parseKeyed, parseSize } from "./values.ts";

export const ENGINES = ["node", "chromium", "firefox"] as const;
export type Engine = (typeof ENGINES)[number];

/** Where the serial port goes. */
export type SerialTarget =
  | { readonly kind: "stdio" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "null" };

/** Firmware: a file, the built guest's OpenSBI, or none. */
export type Bios =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "default" }
  | { readonly kind: "none" };

/** A command line, understood. Files are not looked at yet. */
export interface SystemOptions {
  readonly name: string;
  /** Absent: what the guest is comfortable with, else 128 MiB. */
  readonly memoryBytes?: number;
  readonly vcpus: number;
  readonly guest?: string;
  readonly bios: Bios;
  readonly kernel?: string;
  readonly initrd?: string;
  readonly append?: string;
  readonly devices: readonly DeviceConfig[];
  readonly drives: readonly DriveConfig[];
  readonly flash: readonly FlashConfig[];
  /** UEFI firmware, besides what `bios` says. */
  readonly efi?: EfiChoice;
  readonly firmwareFiles: readonly GivenFirmwareFile[];
  /** The texts of `-object`: secrets. */
  readonly objects: readonly string[];
  readonly serial: SerialTarget;
  readonly noReboot: boolean;
  readonly guestErrors: boolean;
  readonly accelerator: Accelerator;
  /** Absent: as the embedding API chooses. */
  readonly aia?: AiaKind;
  readonly jitThreshold?: number;
  readonly engine: Engine;
  readonly stats: boolean;
  /** Where counters go as JSON: a path, or `-` for the standard error output. */
  readonly statsJson?: string;
}

/** Something to print instead of running a machine. */
export type Query = "help" | "version" | "machines" | "cpus" | "devices" | "guests";

/** RAM of a machine that nothing else is said about, as under QEMU. */
export const DEFAULT_MEMORY_BYTES = 128 * 2 ** 20;
const LEAST_MEMORY_BYTES = 64 * 2 ** 20;
const MOST_MEMORY_BYTES = 3 * 2 ** 30;
const MEMORY_GRANULE_BYTES = 2 * 2 ** 20;
const MOST_VCPUS = 16;
const MOST_THRESHOLD = 1_000_000;
const CPUS: ReadonlySet<string> = new Set(["rv64", "max"]);

/**
 * Reads the arguments of `tabvisor system`.
 *
 * @throws UsageError naming the option that is wrong
 */
export function parseSystem(args: readonly string[]): SystemOptions | Query {
  const given = scanOptions(args);
  return findQuery(given) ?? understand(given);
}

function findQuery(given: GivenOptions): Query | undefined {
  if (given.has("help")) return "help";
  if (given.has("version")) return "version";
  if (lastOf(given, "machine") === "help") return "machines";
  if (lastOf(given, "cpu") === "help") return "cpus";
  if (lastOf(given, "guest") === "help") return "guests";
  return given.get("device")?.includes("help") === true ? "devices" : undefined;
}

function understand(given: GivenOptions): SystemOptions {
  const { banks, ...machine } = parseMachine(lastOf(given, "machine") ?? "virt");
  checkCpu(lastOf(given, "cpu") ?? "rv64");
  for (const option of ["display", "monitor"] as const) checkNone(option, lastOf(given, option));
  const guest = lastOf(given, "guest");
  const kernel = lastOf(given, "kernel");
  const disks = disksOf(given, banks);
  const efi = parseEfi(lastOf(given, "firmware"), disks.flash);
  const isInFlash = efi !== undefined || disks.flash.some(({ unit }) => unit === 0);
  if (kernel === undefined && guest === undefined) requireKernel(given, isInFlash);
  return {
    name: lastOf(given, "name") ?? guest ?? "tabvisor",
    ...memoryOf(lastOf(given, "m")),
    vcpus: vcpusOf(lastOf(given, "smp")),
    bios: biosOf(lastOf(given, "bios")),
    ...optional("guest", guest),
    ...optional("kernel", kernel),
    ...optional("initrd", lastOf(given, "initrd")),
    ...optional("append", lastOf(given, "append")),
    ...disks,
    ...(efi !== undefined && { efi }),
    objects: given.get("object") ?? [],
    firmwareFiles: parseFirmwareFiles(given.get("fw_cfg") ?? []),
    serial: serialOf(lastOf(given, "serial") ?? "mon:stdio"),
    noReboot: given.has("no-reboot"),
    guestErrors: guestErrorsOf(lastOf(given, "d")),
    ...machine,
    ...acceleratorOf(lastOf(given, "accel") ?? "jit"),
    engine: engineOf(lastOf(given, "engine") ?? "node"),
    stats: given.has("stats"),
    ...optional("statsJson", lastOf(given, "stats-json")),
  };
}

/**
 * Drives, the banks of flash among them, and all devices; drives with if=virtio are devices of their
 * own, behind the others.
 */
function disksOf(given: GivenOptions, banks: readonly FlashConfig[]) {
  const parsed = parseDrives(given);
  const texts = given.get("device") ?? [];
  const devices = parseDevices(
    texts,
    parsed.map(({ drive }) => drive),
  );
  const drives = withDeviceProperties(
    parsed.map(({ drive }) => drive),
    texts,
  );
  const flash = flashOf(parsed, banks);
  const own = parsed.filter(({ isVirtio }) => isVirtio);
  return {
    drives,
    flash,
    devices: [
      ...devices,
      ...own.map(({ drive }) => ({ kind: "virtio-blk", drive: drive.id }) as const),
    ],
  };
}

/** Banks by `-drive if=pflash` and by `-machine pflash0=`, which names a block node. */
function flashOf(parsed: readonly ParsedDrive[], banks: readonly FlashConfig[]): FlashConfig[] {
  const own = parsed.flatMap(({ drive, flashUnit }) =>
    flashUnit === undefined ? [] : [{ unit: flashUnit, drive: drive.id }],
  );
  for (const { unit, drive } of banks) {
    if (!parsed.some((one) => one.drive.id === drive)) {
      throw new UsageError(`Property 'cfi.pflash01.drive' can't find value '${drive}'`);
    }
    if (own.some((bank) => bank.unit === unit)) {
      throw new UsageError(`-machine pflash${unit}=${drive}: the board has this bank already`);
    }
  }
  return [...own, ...banks];
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });
}

function checkCpu(model: string): void {
  if (CPUS.has(model)) return;
  throw new UsageError(`-cpu ${model}: unable to find CPU model; '-cpu help' lists them`);
}

function checkNone(option: string, value: string | undefined): void {
  if (value === undefined || value === "none") return;
  throw new UsageError(`-${option} ${value}: only 'none' is supported`);
}

/** What QEMU says about options that make no sense without a kernel. */
function requireKernel(given: GivenOptions, isInFlash: boolean): void {
  for (const option of ["append", "initrd"] as const) {
    if (given.has(option)) throw new UsageError(`-${option} only allowed with -kernel option`);
  }
  const bios = biosOf(lastOf(given, "bios"));
  if (bios.kind === "file" || isInFlash) return;
  throw new UsageError("nothing to boot: give -kernel FILE, -bios FILE or --guest shell");
}

function memoryOf(text: string | undefined): { memoryBytes?: number } {
  if (text === undefined) return {};
  const list = parseKeyed(text);
  onlyKeys("-m", list, ["size"]);
  const bytes = parseSize("-m", list.keys.get("size") ?? list.head ?? "");
  if (bytes < LEAST_MEMORY_BYTES || bytes > MOST_MEMORY_BYTES) {
    throw new UsageError(`-m ${text}: the board takes 64M to 3G of RAM`);
  }
  if (bytes % MEMORY_GRANULE_BYTES !== 0) {
    throw new UsageError(`-m ${text}: RAM must be a multiple of 2M`);
  }
  return { memoryBytes: bytes };
}

function vcpusOf(text: string | undefined): number {
  if (text === undefined) return 1;
  const list = parseKeyed(text);
  onlyKeys("-smp", list, ["cpus"]);
  return parseCount("-smp", list.keys.get("cpus") ?? list.head ?? "", 1, MOST_VCPUS);
}

function biosOf(text: string | undefined): Bios {
  if (text === undefined || text === "default") return { kind: "default" };
  return text === "none" ? { kind: "none" } : { kind: "file", path: text };
}

function serialOf(text: string): SerialTarget {
  if (text === "stdio" || text === "mon:stdio") return { kind: "stdio" };
  if (text === "null" || text === "none") return { kind: "null" };
  if (text.startsWith("file:") && text.length > 5) return { kind: "file", path: text.slice(5) };
  throw new UsageError(
    `-serial ${text}: only stdio, mon:stdio, file:PATH, null and none are known`,
  );
}

function guestErrorsOf(text: string | undefined): boolean {
  if (text === undefined || text === "guest_errors") return text !== undefined;
  throw new UsageError(`-d ${text}: only 'guest_errors' is known`);
}

function acceleratorOf(text: string): Pick<SystemOptions, "accelerator" | "jitThreshold"> {
  const given = parseKeyed(text);
  const { head, keys } = given;
  if (head !== "interpreter" && head !== "jit") {
    throw new UsageError(`-accel ${head ?? text}: only interpreter and jit are known`);
  }
  onlyKeys(`-accel ${head}`, given, head === "jit" ? ["threshold"] : []);
  const threshold = keys.get("threshold");
  if (threshold === undefined) return { accelerator: head };
  const jitThreshold = parseCount("-accel threshold", threshold, 1, MOST_THRESHOLD);
  return { accelerator: head, jitThreshold };
}

function engineOf(text: string): Engine {
  const engine = ENGINES.find((name) => name === text);
  if (engine === undefined) {
    throw new UsageError(`--engine ${text}: only ${ENGINES.join(", ")} are known`);
  }
  return engine;
}
