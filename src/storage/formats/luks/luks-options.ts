/** The options of LUKS volumes, alone and (with `encrypt.` in front) in qcow2 images. */
import { cipherOf, hashOf, ivGeneratorOf, modeOf } from "../../crypto/algorithms.ts";
import type { LuksChoice } from "../../crypto/luks-create.ts";
import type { SlotChange } from "../../crypto/luks-slots.ts";
import { DEFAULT_ITER_TIME_MS } from "../../crypto/luks-volume.ts";
import type { OptionRow } from "../driver.ts";

type Options = ReadonlyMap<string, string | number | boolean>;
export type Prefix = "" | "encrypt.";

/** @param keyHelp what is said of the option that names the password */
export function luksRows(prefix: Prefix, keyHelp: string): readonly OptionRow[] {
  const text = (name: string, help: string): OptionRow => ({
    name: prefix + name,
    type: "str",
    help,
  });
  const only = (row: OptionRow): OptionRow => ({ ...row, amend: "only" });
  const number = (name: string, help: string): OptionRow => ({ ...text(name, help), type: "num" });
  return [
    text("key-secret", keyHelp),
    text("cipher-alg", "Name of encryption cipher algorithm"),
    text("cipher-mode", "Name of encryption cipher mode"),
    text("ivgen-alg", "Name of IV generator algorithm"),
    text("ivgen-hash-alg", "Name of IV generator hash algorithm"),
    text("hash-alg", "Name of encryption hash algorithm"),
    { ...number("iter-time", "Time to spend in PBKDF in milliseconds"), amend: true },
    only(text("state", "Select new state of affected keyslots (active/inactive)")),
    only(number("keyslot", "Select a single keyslot to modify explicitly")),
    only(text("old-secret", "Select all keyslots that match this password")),
    only(text("new-secret", "New secret to set in the matching keyslots. Empty string to erase")),
  ];
}

export function textOption(options: Options, name: string): string | undefined {
  const value = options.get(name);
  return value === undefined ? undefined : String(value);
}

/** How the user wants a volume encrypted. @throws StorageError for names that are not known */
export function luksChoice(options: Options, prefix: Prefix): LuksChoice {
  const text = (name: string): string | undefined => textOption(options, prefix + name);
  const cipher = cipherOf(text("cipher-alg") ?? "aes-256");
  const mode = modeOf(text("cipher-mode") ?? "xts");
  const ivGenerator = ivGeneratorOf(text("ivgen-alg") ?? "plain64");
  const ivHash = text("ivgen-hash-alg") ?? (ivGenerator === "essiv" ? "sha256" : undefined);
  return {
    cipher,
    mode,
    ivGenerator,
    ivHash: ivHash === undefined ? undefined : hashOf(ivHash, "ivgen-hash-alg"),
    hash: hashOf(text("hash-alg") ?? "sha256"),
    iterTimeMs: Number(options.get(`${prefix}iter-time`) ?? DEFAULT_ITER_TIME_MS),
  };
}

/** What `amend` is to do with key slots; undefined when nothing was said of them. */
export function slotChange(
  options: Options,
  prefix: Prefix,
  force: boolean,
): SlotChange | undefined {
  const names = luksRows(prefix, "").filter(({ amend }) => amend !== undefined);
  if (names.every(({ name }) => !options.has(name))) return undefined;
  const number = (name: string): number | undefined =>
    options.get(prefix + name) as number | undefined;
  return {
    state: textOption(options, `${prefix}state`),
    newSecret: textOption(options, `${prefix}new-secret`),
    oldSecret: textOption(options, `${prefix}old-secret`),
    keyslot: number("keyslot"),
    iterTimeMs: number("iter-time"),
    force,
  };
}
