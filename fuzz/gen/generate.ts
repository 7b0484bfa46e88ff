/** One random program from a seed. */
import { word } from "../code.ts";
import type { CsrIn } from "../context.ts";
import { Mode } from "../program.ts";
import type { Program } from "../program.ts";
import { Random } from "../random.ts";
import { STUB_BASE } from "../region.ts";
import { Pending } from "./control.ts";
import { Gen } from "./gen.ts";
import type { Has } from "./gen.ts";
import { PAD_AT, addressSpace } from "./paging.ts";
import type { AddressSpace } from "./paging.ts";
import { hasTinyRange, randomPmp } from "./pmp.ts";
import { PROFILES, UNITS } from "./profiles.ts";
import type { Profile, UnitName } from "./profiles.ts";

/** Room for the last unit and the closing instructions is far below a page. */
const MAX_CODE_BYTES = 3000;
const MPP_AT = 11n;
const ALL = 0xffff_ffff_ffff_ffffn;
/** QEMU has 16 programmable counters by default; those above have no enable bit. */
const COUNTERS = 0x7_ffffn;

/** Names of the profiles, for the command line. */
export const PROFILE_NAMES: readonly string[] = PROFILES.map(({ name }) => name);

export interface GenerateOptions {
  readonly seed: number;
  readonly slot: number;
  readonly harnessRegister: number;
  readonly has: Has;
  /** Only programs of these profiles; all when empty. */
  readonly profiles: readonly string[];
}

function weighted<T>(random: Random, items: readonly (readonly [T, number])[]): T {
  const sum = items.reduce((total, [, weight]) => total + weight, 0);
  let at = random.below(sum);
  for (const [item, weight] of items) {
    if (at < weight) return item;
    at -= weight;
  }
  throw new Error("nothing to choose from");
}

/** QEMU before version 10 has page-table walks of its own kind. */
function chooseProfile(random: Random, names: readonly string[], has: Has): Profile {
  const able = PROFILES.filter(({ levels }) => levels === undefined || has("exact"));
  const wanted = able.filter(({ name }) => names.length === 0 || names.includes(name));
  return weighted(
    random,
    wanted.map((profile) => [profile, profile.share]),
  );
}

export function generate(options: GenerateOptions): Program {
  const { seed, slot, harnessRegister, has } = options;
  const random = new Random(seed);
  const profile = chooseProfile(random, options.profiles, has);
  const mode = random.pick(profile.modes);
  const fs = fieldFs(random, profile);
  const interrupt = random.pick([0x2n, 0x20n, 0x200n]);
  const timer = has("sstc") && random.chance(50);
  const setting = { profile: profile.name, mode, fp: fs !== 0, interrupt, timer };
  const gen = new Gen(random, setting, has, slot, harnessRegister);
  const space = makeSpace(gen, profile);
  const pmp = profile.pmp ? randomPmp(random, slot) : undefined;
  gen.protected = pmp !== undefined;
  // QEMU before version 10 checks what surrounds a misaligned access, too.
  gen.aligned = pmp !== undefined && (hasTinyRange(pmp) || !has("exact"));
  for (const pointer of gen.pointers) pointer.at = gen.target();
  const x = registers(gen);
  gen.menvcfg = menvcfg(gen);
  makeCode(gen, profile, space);
  const { codeOffset } = gen;
  const end = codeOffset + gen.code.size;
  gen.code.op("ebreak");
  gen.code.op("ebreak");
  return {
    profile: profile.name,
    slot,
    harnessRegister,
    x,
    f: Array.from({ length: 32 }, () => random.float()),
    fcsr: random.chance(50) ? 0 : (random.below(5) << 5) | random.below(32),
    mstatus: mstatus(gen, profile, fs),
    csrs: csrs(gen, profile, space),
    ...(pmp && { pmp }),
    codeAt: gen.codeAt,
    stub: space && mode !== Mode.M ? space.stub : BigInt(STUB_BASE),
    entry: codeOffset,
    codeOffset,
    code: gen.code.words,
    units: gen.code.units,
    end,
    pads: [{ at: PAD_AT, word: word("jalr", { rs1: 1 }) }],
    dataSeed: random.u32(),
    patches: space?.tables.patches ?? [],
  };
}

/** Off or dirty: QEMU leaves FS alone when an instruction changes nothing but fflags. */
function fieldFs(random: Random, { name }: Profile): number {
  return name === "floating" || random.chance(80) ? 3 : 0;
}

/** Translation for the program, or for what M-mode borrows. */
function makeSpace(gen: Gen, { levels }: Profile): AddressSpace | undefined {
  if (levels === undefined) return undefined;
  const { random, setting } = gen;
  const machine = setting.mode === Mode.M;
  gen.vacant = random.chance(40);
  const space = addressSpace(random, gen.slot, {
    mode: machine ? random.pick([Mode.U, Mode.S]) : setting.mode,
    levels,
    vacant: gen.vacant,
    clearAd: gen.has("svadu"),
    pbmt: gen.has("svpbmt"),
    napot: gen.has("svnapot"),
  });
  gen.windows = space.windows;
  if (!machine) {
    gen.codeAt = space.codeAt;
    gen.pads = space.pads;
  }
  return space;
}

function registers({ random, pointers }: Gen): bigint[] {
  const x = Array.from({ length: 32 }, () => random.integer());
  x[0] = 0n;
  for (const { register, at } of pointers) x[register] = at;
  return x;
}

function makeCode(gen: Gen, { weights }: Profile, space: AddressSpace | undefined): void {
  const { random, code } = gen;
  const pending = new Pending();
  const choices = Object.entries(weights) as [UnitName, number][];
  const count = random.between(15, 60);
  for (let i = 0; i < count && code.size < MAX_CODE_BYTES; i++) {
    pending.advance(gen);
    const name = weighted(random, choices);
    code.unit(name, () => UNITS[name](gen, { pending, space }));
  }
  pending.advance(gen, true);
}

function mstatus({ random, setting }: Gen, profile: Profile, fs: number): bigint {
  let value = (BigInt(setting.mode) << MPP_AT) | (BigInt(fs) << 13n);
  // MPIE becomes MIE at the start; interrupts come only where there is something to see.
  if (profile.privileged) value |= BigInt(random.u32()) & 0x1a2n;
  // SUM and MXR.
  value |= BigInt(random.below(4)) << 18n;
  // TVM TW TSR.
  if (profile.privileged && random.chance(25)) {
    // With TVM an edited table entry could not be made visible.
    const choices = profile.levels === undefined ? 7n : 6n;
    value |= (BigInt(random.u32()) & choices) << 20n;
  }
  return value;
}

type CsrValues = Partial<Record<CsrIn, bigint>>;

function csrs(gen: Gen, profile: Profile, space: AddressSpace | undefined): CsrValues {
  const { random, setting } = gen;
  const machine = setting.mode === Mode.M;
  let delegation = machine ? 0n : random.pick([0n, 0xb1ffn, random.u64() & 0xb1ffn]);
  // Where PMP may hide the page tables, the stub cannot take its own faults.
  if (profile.pmp) delegation &= ~2n;
  return {
    menvcfg: gen.menvcfg,
    senvcfg: envcfg(random),
    medeleg: delegation,
    mideleg: random.u64() & 0x222n,
    mcounteren: BigInt(random.u32()) & COUNTERS,
    scounteren: BigInt(random.u32()) & COUNTERS,
    sscratch: random.integer(),
    stvec: (space && !machine ? space.stub : BigInt(STUB_BASE)) | BigInt(random.below(2)),
    stimecmp: ALL,
    satp: space?.tables.satp ?? 0n,
    ...(profile.privileged && {
      mie: random.chance(50) ? setting.interrupt : 0n,
      mip: random.chance(30) ? random.u64() & 0x222n : 0n,
    }),
  };
}

/** CBIE is kept off its reserved value 2. */
function envcfg(random: Random): bigint {
  return (random.u64() & 0xc1n) | random.pick([0n, 0x10n, 0x30n]);
}

function menvcfg({ random, has, setting }: Gen): bigint {
  let value = envcfg(random) | (setting.timer ? 1n << 63n : 0n);
  if (has("svpbmt") && random.chance(50)) value |= 1n << 62n;
  if (has("svadu") && random.chance(50)) value |= 1n << 61n;
  return value;
}
