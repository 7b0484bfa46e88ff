import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Xorshift } from "../../../src/util/xorshift.ts";
import { VARIANTS, type Variant } from "./variants.ts";
import { OurWorkplace, type Program, RealWorkplace } from "./workplace.ts";

type Bytes = Uint8Array;

const MAX_BYTES = 8 << 20;
const IMAGE = "image";

/** The real tools and ours side by side: whatever both are told to do must come out alike. */
export class Beside {
  readonly #folder = mkdtempSync(join(tmpdir(), "tabvisor-beside-"));
  readonly #real = new RealWorkplace(join(this.#folder, "real"));
  readonly #ours = new OurWorkplace(join(this.#folder, "ours"));
  calls = 0;
  /** The last command, for messages. */
  #last = "";

  /** @returns undefined where the real tools are not installed */
  static find(): Beside | undefined {
    const has = (program: Program): boolean => spawnSync(program, ["--version"]).status === 0;
    return has("qemu-img") && has("qemu-io") ? new Beside() : undefined;
  }

  /** @param only of these formats alone @returns what came out differently */
  async round(seed: number, only?: string): Promise<string | undefined> {
    const random = new Xorshift(seed);
    for (let i = 0; i < 4; i++) random.u32();
    const variant = random.pick(VARIANTS.filter(({ format }) => (only ?? format) === format));
    this.#real.clear();
    this.#ours.clear();
    try {
      await this.#perform(variant, random);
    } catch (error) {
      if (!(error instanceof Difference)) throw error;
      const { format, options = "" } = variant;
      return `seed ${seed} (${format} ${options}): ${error.message}`;
    }
    return undefined;
  }

  async #perform(variant: Variant, random: Xorshift): Promise<void> {
    const { format, options, backing, streams } = variant;
    const size = sizeOf(random, variant.maxBytes ?? MAX_BYTES);
    const withOptions = options === undefined ? [] : ["-o", options];
    const source = randomDisk(random, size);
    this.#put("source.raw", source);
    if (backing) this.#put("base.raw", randomDisk(random, sizeOf(random, MAX_BYTES)));
    const base = backing ? ["-b", "base.raw", "-F", "raw"] : [];
    const { withoutZeroes = false } = variant;
    if (streams === undefined && (withoutZeroes || random.below(3) > 0)) {
      await this.#both("qemu-img", [
        "create",
        "-f",
        format,
        ...withOptions,
        ...base,
        IMAGE,
        `${size}`,
      ]);
    } else {
      const over = backing ? ["-B", "base.raw", "-F", "raw"] : [];
      const from = ["convert", "-f", "raw", "-O", format, ...withOptions, ...over];
      await this.#both("qemu-img", [...from, "source.raw", IMAGE]);
    }
    await this.#compare(variant);
    if (streams === undefined) {
      for (let i = 0; i < 3; i++) {
        await this.#both("qemu-io", [
          ...commands(random, size, withoutZeroes),
          "-f",
          format,
          IMAGE,
        ]);
        await this.#compare(variant);
      }
    }
    await this.#resize(variant, random, size);
    await this.#both("qemu-img", ["convert", "-f", format, "-O", "raw", IMAGE, "out.raw"]);
    await this.#compare(variant);
  }

  async #resize(
    { format, backing, streams }: Variant,
    random: Xorshift,
    size: number,
  ): Promise<void> {
    if (random.below(3) > 0 || backing || streams) return;
    const longer = size + 512 * random.below(9000);
    await this.#both("qemu-img", ["resize", "-f", format, IMAGE, `${longer}`]);
    const tail = ["-c", `write -qP 9 ${size - 512} 512`, "-f", format, IMAGE];
    await this.#both("qemu-io", tail);
  }

  #put(name: string, bytes: Uint8Array): void {
    this.#real.put(name, bytes);
    this.#ours.put(name, bytes);
  }

  /** Runs a command in both places; words and status must agree. */
  async #both(program: Program, args: readonly string[], look = shown): Promise<void> {
    this.calls++;
    this.#last = `${program} ${args.join(" ")}`;
    const real = await this.#real.run(program, args);
    const ours = await this.#ours.run(program, args);
    const same = real.status === ours.status && look(real.text) === look(ours.text);
    const [was, is] = [`${real.status} ${look(real.text)}`, `${ours.status} ${look(ours.text)}`];
    if (!same)
      throw new Difference(`${program} ${args.join(" ")}:\n--- real\n${was}\n--- ours\n${is}`);
  }

  /** Files byte by byte, and what the tools say of the image. */
  async #compare(variant: Variant): Promise<void> {
    const { format } = variant;
    const [real, ours] = [this.#real.names(), this.#ours.names()];
    if (real.join() !== ours.join())
      throw new Difference(`files ${real.join()}, ours ${ours.join()}`);
    for (const name of real.filter((file) => file !== "source.raw" && file !== "base.raw")) {
      const [was, is] = [this.#real, this.#ours]
        .map((place) => place.get(name).slice())
        .map((bytes) => (name === "out.raw" ? bytes : variant.mask(bytes))) as [Bytes, Bytes];
      const at = firstDifference(was, is);
      if (at >= 0)
        throw new Difference(
          `after ${this.#last}: ${name} differs at ${at} of ${was.length}, ours ${is.length}`,
        );
    }
    await this.#both("qemu-img", ["info", "--output=json", "-f", format, IMAGE], withoutSizes);
    await this.#both("qemu-img", ["check", "-f", format, IMAGE]);
    if (variant.backing === undefined && variant.flat === undefined)
      await this.#both("qemu-img", ["map", "--output=json", "-f", format, IMAGE]);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

class Difference extends Error {
  override readonly name = "Difference";
}

function shown(text: string): string {
  return text;
}

/** Bytes on the host's disk depend on the file system; names drawn at random differ. */
function withoutSizes(text: string): string {
  return text.replaceAll(/"(?:actual-size|cid|parent-cid)": \d+,?/g, "");
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  if (Buffer.compare(a, b) === 0) return -1;
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at < 0 ? a.length : at;
}

function sizeOf(random: Xorshift, most: number): number {
  return 512 * (1 + random.below(random.pick([most / 512, 3000, 100])));
}

function randomDisk(random: Xorshift, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < 6; i++) {
    const from = random.below(size);
    const to = Math.min(size, from + random.below(random.pick([600, 70_000, 1_500_000])));
    bytes.fill(1 + random.below(255), from, to);
  }
  return bytes;
}

/** What is done to an image in one run of qemu-io. */
function commands(random: Xorshift, size: number, withoutZeroes: boolean): string[] {
  const out: string[] = [];
  for (let i = 0; i < 5; i++) {
    const unit = random.pick([1, 512, 512, 4096]);
    const at = random.below(Math.ceil(size / unit)) * unit;
    const most = random.pick([5000, 100_000, 3_000_000]);
    const length = Math.max(
      1,
      Math.min(size - at, (1 + random.below(Math.ceil(most / unit))) * unit),
    );
    const kind = random.below(8);
    if (kind < 4 || (withoutZeroes && kind < 6))
      out.push(`write -qP ${1 + random.below(255)} ${at} ${length}`);
    else if (kind === 4) out.push(`write -qz ${at} ${length}`);
    else if (kind === 5) out.push(`write -qzu ${at} ${length}`);
    else if (kind === 6) out.push(`read -qP ${random.below(256)} ${at} ${length}`);
    else out.push("flush");
  }
  return out.flatMap((command) => ["-c", command]);
}
