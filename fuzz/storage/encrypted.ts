/** Encrypted images: made by us or by QEMU, written by both in turn, read by both. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostCrypto } from "../../src/host/web/crypto.ts";
import { nodeFiles } from "../../src/host/node/image-files.ts";
import type { BlockNode } from "../../src/storage/block-node.ts";
import type { Keys } from "../../src/storage/crypto/secrets.ts";
import { createImage } from "../../src/storage/graph/creator.ts";
import { ImageOpener } from "../../src/storage/graph/opener.ts";
import { parseImageOptions } from "../../src/storage/graph/image-options.ts";
import { utf8Bytes } from "../../src/util/bytes.ts";
import { Xorshift } from "../../src/util/xorshift.ts";
import { contents, quiet } from "./image.ts";

type Values = ReadonlyMap<string, string | number | boolean>;

interface Variant {
  readonly driver: "luks" | "qcow2";
  readonly sizeBytes: number;
  readonly options: Values;
  readonly password: string;
  /** What `--image-opts` needs beside the driver and the file. */
  readonly openOptions: string;
}

function luksOptions(random: Xorshift, prefix: string): [string, string | number][] {
  const mode = random.pick(["xts", "xts", "cbc", "ctr", "ecb"]);
  // QEMU gives up on 192-bit keys that are not doubled: their material is no whole sectors.
  const ciphers = mode === "xts" ? ["aes-128", "aes-192", "aes-256"] : ["aes-128", "aes-256"];
  const ivGenerator = random.pick(["plain", "plain64", "essiv"]);
  const hash = random.pick(["sha1", "sha224", "sha256", "sha384", "sha512", "ripemd160", "md5"]);
  return [
    [`${prefix}key-secret`, "s"],
    [`${prefix}cipher-alg`, random.pick(ciphers)],
    [`${prefix}cipher-mode`, mode],
    [`${prefix}ivgen-alg`, ivGenerator],
    ...(ivGenerator === "essiv"
      ? [[`${prefix}ivgen-hash-alg`, random.pick(["sha256", "md5"])] as [string, string]]
      : []),
    [`${prefix}hash-alg`, hash],
    [`${prefix}iter-time`, random.below(20)],
  ];
}

function randomVariant(random: Xorshift): Variant {
  const password = random.pick(["x", "pässword", "a longer one than sixteen bytes"]);
  const sizeBytes = 512 * (1 + random.below(3000));
  if (random.below(3) === 0) {
    const options = new Map(luksOptions(random, ""));
    return { driver: "luks", sizeBytes, options, password, openOptions: "key-secret=s" };
  }
  const isAes = random.below(3) === 0;
  const extended = random.below(3) === 0;
  const v2 = !extended && random.below(4) === 0;
  const encryption: [string, string | number][] = isAes
    ? [["encrypt.key-secret", "s"]]
    : luksOptions(random, "encrypt.");
  const options = new Map<string, string | number | boolean>([
    ["encrypt.format", isAes ? "aes" : "luks"],
    ...encryption,
    ["cluster_size", random.pick(extended ? [16_384, 65_536] : [512, 1024, 4096, 65_536])],
    ["compat", v2 ? "0.10" : "1.1"],
    ["extended_l2", extended],
  ]);
  if (!v2 && random.below(4) === 0) options.set("data_file", "data");
  return { driver: "qcow2", sizeBytes, options, password, openOptions: "encrypt.key-secret=s" };
}

/** The real tools in a folder of their own. */
class RealTools {
  readonly folder: string;
  readonly #objects: readonly string[];

  constructor(folder: string, password: string) {
    this.folder = folder;
    this.#objects = ["--object", `secret,id=s,data=${password}`];
  }

  run(program: string, args: readonly string[]): { status: number | null; text: string } {
    const all = [...args.slice(0, 1), ...this.#objects, ...args.slice(1)];
    const words = program === "qemu-io" ? [...this.#objects, ...args] : all;
    for (let tries = 0; ; tries++) {
      const done = spawnSync(program, words, { encoding: "utf8", cwd: this.folder });
      const text = (done.stdout + done.stderr).trim();
      // QEMU cannot measure times this short every time.
      if (!text.includes("Unable to get accurate CPU usage") || tries > 50)
        return { status: done.status, text };
    }
  }
}

/** @param hasReal QEMU's tools are installed. @returns what went wrong */
export async function encryptedImage(seed: number, hasReal: boolean): Promise<string | undefined> {
  const random = new Xorshift(seed);
  const variant = randomVariant(random);
  const folder = mkdtempSync(join(tmpdir(), "tabvisor-fuzz-"));
  try {
    const trouble = await exchange(random, variant, folder, hasReal);
    const text = [...variant.options].map(([key, value]) => `${key}=${String(value)}`).join(",");
    return trouble && `seed ${seed} (${variant.driver} ${variant.sizeBytes} ${text}): ${trouble}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function exchange(
  random: Xorshift,
  variant: Variant,
  folder: string,
  hasReal: boolean,
): Promise<string | undefined> {
  const real = new RealTools(folder, variant.password);
  const keys: Keys = {
    crypto: hostCrypto,
    secrets: new Map([["s", utf8Bytes(variant.password)]]),
  };
  const byReal = hasReal && random.below(2) === 0;
  const made = byReal ? makeByReal(real, variant) : await makeByUs(folder, variant, keys);
  if (made !== undefined) return made;
  const open = async (): Promise<BlockNode> => {
    const opener = new ImageOpener(nodeFiles, quiet, null, { keys, legacyAes: true });
    const text = `driver=${variant.driver},file.filename=${folder}/image,${variant.openOptions}`;
    return (await opener.open({ options: parseImageOptions(text), write: true })).node;
  };
  const node = await open();
  const shadow = await writeByUs(random, node, byReal || variant.driver === "luks");
  await node.close();
  if (!hasReal) return await differs(open, shadow);
  return (
    judge(real, variant, shadow) ??
    writeByReal(random, real, variant, shadow) ??
    (await differs(open, shadow)) ??
    judge(real, variant, shadow)
  );
}

async function differs(
  open: () => Promise<BlockNode>,
  shadow: Uint8Array,
): Promise<string | undefined> {
  const node = await open();
  const found = await contents(node);
  await node.close();
  const wrong = found.findIndex((byte, at) => byte !== shadow[at]);
  return wrong < 0
    ? undefined
    : `byte ${wrong} reads as ${found[wrong]} instead of ${shadow[wrong]}`;
}

async function makeByUs(folder: string, variant: Variant, keys: Keys): Promise<undefined> {
  await createImage(nodeFiles, {
    filename: `${folder}/image`,
    format: variant.driver,
    sizeBytes: variant.sizeBytes,
    options: variant.options,
    nowMs: 0,
    keys,
    report: quiet,
  });
}

function makeByReal(real: RealTools, { driver, options, sizeBytes }: Variant): string | undefined {
  const word = (value: string | number | boolean): string =>
    typeof value === "boolean" ? (value ? "on" : "off") : String(value);
  const text = [...options].map(([key, value]) => `${key}=${word(value)}`).join(",");
  const args = ["create", "-f", driver, "-o", text, "image", String(sizeBytes)];
  const { status, text: said } = real.run("qemu-img", args);
  return status === 0 ? undefined : `qemu-img create: ${said}`;
}

/** @param known what is there at first is read, not taken for zeroes. @returns the contents */
async function writeByUs(random: Xorshift, node: BlockNode, known: boolean): Promise<Uint8Array> {
  const size = node.sizeBytes;
  const shadow = known ? await contents(node) : new Uint8Array(size);
  for (let i = 0; i < 25; i++) {
    const offset = random.below(size);
    const length = 1 + random.below(Math.min(size - offset, random.pick([600, 5000, 300_000])));
    const kind = random.below(6);
    if (kind === 0) {
      await node.writeZeroes(offset, length, { mayUnmap: random.below(2) === 0 });
      shadow.fill(0, offset, offset + length);
    } else if (kind === 1) {
      await node.discard(offset, length);
      const part = shadow.subarray(offset, offset + length);
      await node.read(offset, [part]);
    } else {
      const half = random.below(length);
      const bytes = Uint8Array.from({ length }, (_, k) => (k * 31 + i) & 0xff);
      await node.write(offset, [bytes.subarray(0, half), bytes.subarray(half)]);
      shadow.set(bytes, offset);
    }
  }
  return shadow;
}

function judge(real: RealTools, variant: Variant, shadow: Uint8Array): string | undefined {
  const { driver, openOptions } = variant;
  writeFileSync(join(real.folder, "raw"), shadow);
  const own = `driver=${driver},file.filename=image,${openOptions}`;
  if (driver === "qcow2") {
    const { status, text } = real.run("qemu-img", ["check", "--image-opts", own]);
    if (status !== 0) return `qemu-img check: ${text}`;
  }
  const raw = "driver=raw,file.filename=raw";
  const { status, text } = real.run("qemu-img", ["compare", "--image-opts", own, raw]);
  return status === 0 ? undefined : `qemu-img compare: ${text}`;
}

function writeByReal(
  random: Xorshift,
  real: RealTools,
  { driver, openOptions }: Variant,
  shadow: Uint8Array,
): string | undefined {
  const commands: string[] = [];
  for (let i = 0; i < 6; i++) {
    const offset = random.below(shadow.length);
    const length = 1 + random.below(Math.min(shadow.length - offset, 70_000));
    const pattern = 1 + random.below(255);
    commands.push("-c", `write -qP ${pattern} ${offset} ${length}`);
    shadow.fill(pattern, offset, offset + length);
  }
  const own = `driver=${driver},file.filename=image,${openOptions}`;
  const { status, text } = real.run("qemu-io", [...commands, "--image-opts", own]);
  return status === 0 && text === "" ? undefined : `qemu-io: ${text}`;
}
