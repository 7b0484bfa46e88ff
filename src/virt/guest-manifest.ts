/** The description that comes with a built-in guest image, as served beside its files. */
import { vmError } from "../protocol/vm-error.ts";

/** The two ways that every guest can be booted. */
export type BootName = "fast" | "stock";

export interface GuestFile {
  /** Name in the guest's folder. */
  readonly path: string;
  readonly sizeBytes: number;
}

/** One way: files in the guest's folder, and the kernel's command line. */
export interface GuestBoot {
  readonly firmware: GuestFile;
  readonly kernel: GuestFile;
  readonly initrd: GuestFile;
  /** A qcow2 image for a disk to stand on; absent where the guest lives in memory. */
  readonly disk?: GuestFile;
  readonly append: string;
  /** What options of the command line are for, in English. */
  readonly notes: readonly { readonly option: string; readonly why: string }[];
}

/** What the page needs of a guest's manifest.json. */
export interface GuestManifest {
  /** Folder name of the image, the argument of `--guest`. */
  readonly name: string;
  /** One line for people. */
  readonly title: string;
  /** Another one for another build; empty when the manifest does not say. */
  readonly key: string;
  /** Guest RAM below which it does not boot; 0 when the manifest does not say. */
  readonly leastMemoryBytes: number;
  /** Guest RAM that is comfortable; 0 when the manifest does not say. */
  readonly usualMemoryBytes: number;
  readonly boots: { readonly [Name in BootName]: GuestBoot };
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads a manifest.
 *
 * @param name the folder it was found in, for messages
 * @throws VmError configUnsupported that says what is missing
 */
export function parseManifest(name: string, json: unknown): GuestManifest {
  const refuse = (what: string) =>
    vmError("configUnsupported", `the manifest of guest image '${name}' ${what}`);
  if (!isObject(json)) throw refuse("is not a JSON object");
  const { title, key, memory, files, boot } = json as { [Key in keyof Json]: unknown };
  if (!isObject(files) || !isObject(boot)) throw refuse("names no files or no way to boot them");
  const read = (way: BootName): GuestBoot => {
    const found = bootOf(boot[way], files);
    if (typeof found === "string") throw refuse(`lacks ${found} to boot the ${way} way`);
    return found;
  };
  const bytes = (field: string): number => {
    const value = isObject(memory) ? memory[field] : 0;
    return typeof value === "number" ? value : 0;
  };
  return {
    name,
    title: typeof title === "string" ? title : name,
    key: typeof key === "string" ? key : "",
    leastMemoryBytes: bytes("leastBytes"),
    usualMemoryBytes: bytes("usualBytes"),
    boots: { fast: read("fast"), stock: read("stock") },
  };
}

/** The boot, or what it lacks. */
function bootOf(boot: unknown, files: Json): GuestBoot | string {
  if (!isObject(boot)) return "the description";
  const { append, notes } = boot as { [Key in keyof Json]: unknown };
  if (typeof append !== "string") return "the command line";
  const file = (role: string): GuestFile | null => {
    const found = files[String(boot[role])];
    return isFile(found) ? { path: found.path, sizeBytes: found.sizeBytes } : null;
  };
  const [firmware, kernel, initrd] = [file("firmware"), file("kernel"), file("initrd")];
  if (!firmware) return "the firmware";
  if (!kernel) return "the kernel";
  if (!initrd) return "the initrd";
  const disk = file("disk");
  const kept = Array.isArray(notes) ? notes.filter(isNote) : [];
  return { firmware, kernel, initrd, ...(disk && { disk }), append, notes: kept };
}

function isFile(file: unknown): file is GuestFile {
  return (
    isObject(file) && typeof file["path"] === "string" && typeof file["sizeBytes"] === "number"
  );
}

function isNote(note: unknown): note is GuestBoot["notes"][number] {
  return isObject(note) && typeof note["option"] === "string" && typeof note["why"] === "string";
}
