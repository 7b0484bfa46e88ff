/** Seeds as JSON that people can read and compare: numbers in hexadecimal, lists in one string. */
import type { CodeWord, Patch, Program, Unit } from "./program.ts";
import type { Seed } from "./seeds.ts";

type Named = Readonly<Record<string, string>>;

/** A program with everything as text. */
interface ProgramText extends Omit<
  Program,
  "x" | "f" | "mstatus" | "csrs" | "pmp" | "codeAt" | "stub" | "code" | "units" | "pads" | "patches"
> {
  readonly x: string;
  readonly f: string;
  readonly mstatus: string;
  readonly csrs: Named;
  readonly pmp?: Named;
  readonly codeAt: string;
  readonly stub: string;
  /** Eight digits for a long instruction, four for a short one. */
  readonly code: string;
  readonly units: readonly string[];
  readonly pads: readonly string[];
  readonly patches: readonly string[];
}

interface SeedText extends Omit<Seed, "program" | "after"> {
  readonly program: ProgramText;
  readonly after: readonly string[];
}

const hex = (value: bigint | number): string => value.toString(16);
const big = (text: string): bigint => BigInt(`0x${text}`);
const words = (text: string): string[] => text.split(" ").filter((word) => word !== "");

function named(values: Readonly<Record<string, bigint | undefined>>): Named {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, hex(value ?? 0n)]),
  );
}

function unnamed(values: Named): Record<string, bigint> {
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, big(text)]));
}

function wordText({ bits, bytes }: CodeWord): string {
  return hex(bits).padStart(2 * bytes, "0");
}

function readWord(text: string): CodeWord {
  return { bits: Number.parseInt(text, 16), bytes: text.length === 8 ? 4 : 2 };
}

function readUnit(text: string): Unit {
  const [kind = "", from, to] = words(text);
  return { kind, from: Number(from), to: Number(to) };
}

function readPatch(text: string): Patch {
  const [at = "0", value = "0"] = words(text);
  return { at: Number.parseInt(at, 16), value: big(value) };
}

function programText(program: Program): ProgramText {
  const { x, f, mstatus, csrs, pmp, codeAt, stub, code, units, pads, patches, ...rest } = program;
  return {
    ...rest,
    x: x.map(hex).join(" "),
    f: f.map(hex).join(" "),
    mstatus: hex(mstatus),
    csrs: named(csrs),
    ...(pmp && { pmp: named(pmp) }),
    codeAt: hex(codeAt),
    stub: hex(stub),
    code: code.map(wordText).join(" "),
    units: units.map(({ kind, from, to }) => `${kind} ${from} ${to}`),
    pads: pads.map(({ at, word }) => `${hex(at)} ${wordText(word)}`),
    patches: patches.map(({ at, value }) => `${hex(at)} ${hex(value)}`),
  };
}

function readProgram(text: ProgramText): Program {
  const { x, f, mstatus, csrs, pmp, codeAt, stub, code, units, pads, patches, ...rest } = text;
  return {
    ...rest,
    x: words(x).map(big),
    f: words(f).map(big),
    mstatus: big(mstatus),
    csrs: unnamed(csrs),
    ...(pmp && { pmp: unnamed(pmp) }),
    codeAt: big(codeAt),
    stub: big(stub),
    code: words(code).map(readWord),
    units: units.map(readUnit),
    pads: pads.map((pad) => {
      const [at = "0", word = ""] = words(pad);
      return { at: Number.parseInt(at, 16), word: readWord(word) };
    }),
    patches: patches.map(readPatch),
  };
}

export function seedToText({ program, after, ...rest }: Seed): string {
  const seed: SeedText = {
    ...rest,
    program: programText(program),
    after: [...after].map(([at, value]) => `${hex(at)} ${hex(value)}`),
  };
  return `${JSON.stringify(seed, undefined, 1)}\n`;
}

/** @throws SyntaxError when the text is no JSON, or a number in it is none */
export function seedFromText(text: string): Seed {
  const { program, after, ...rest } = JSON.parse(text) as SeedText;
  const changed = after.map(readPatch).map(({ at, value }) => [at, value] as const);
  return { ...rest, program: readProgram(program), after: new Map(changed) };
}
