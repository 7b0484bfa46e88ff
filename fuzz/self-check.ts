/**
 * Does the fuzzer notice anything? Each mutation stands for a bug: the engine under test gets the
 * programs with one instruction meaning another, and some program must end differently.
 */
import { identify, encode, valuesOf } from "../src/isa/encoding.ts";
import { insnNamed } from "../src/isa/table.ts";
import { makeBatch } from "./batch.ts";
import { compare } from "./compare.ts";
import type { Engine } from "./engine/engine.ts";
import { ALL_FEATURES } from "./engine/features.ts";
import { buildImage } from "./image.ts";
import type { Program } from "./program.ts";

interface Mutation {
  readonly profile: string;
  readonly mutate: (program: Program) => Program;
}

/** Executes instruction `from` as `to`, which takes the same operands. */
function asAnother(profile: string, from: string, to: string): Mutation {
  const other = insnNamed(to);
  const mutate = (program: Program): Program => ({
    ...program,
    code: program.code.map((word) => {
      const insn = word.bytes === 4 ? identify(word.bits) : undefined;
      if (insn?.name !== from || other === undefined) return word;
      return { bits: encode(other, valuesOf(insn, word.bits)), bytes: 4 };
    }),
  });
  return { profile, mutate };
}

function withStatus(profile: string, bit: number): Mutation {
  const mutate = (program: Program): Program => ({
    ...program,
    mstatus: program.mstatus ^ (1n << BigInt(bit)),
  });
  return { profile, mutate };
}

/** Bit `bit` of data pages' entries reads as its opposite; code and the trap stub stay usable. */
function withEntryBit(profile: string, bit: number): Mutation {
  const data = (value: bigint): boolean => (value & 0xan) === 2n;
  const mutate = (program: Program): Program => ({
    ...program,
    patches: program.patches.map(({ at, value }) => ({
      at,
      value: data(value) ? value ^ (1n << BigInt(bit)) : value,
    })),
  });
  return { profile, mutate };
}

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  "add subtracts": asAnother("integer", "add", "sub"),
  "sltu compares signed": asAnother("integer", "sltu", "slt"),
  "mulhsu multiplies signed": asAnother("integer", "mulhsu", "mulh"),
  "sraiw shifts in zeros": asAnother("integer", "sraiw", "srliw"),
  "lwu extends the sign": asAnother("memory", "lwu", "lw"),
  "fnmadd.s forgets a sign": asAnother("floating", "fnmadd.s", "fmadd.s"),
  "fminm.d ignores NaN": asAnother("floating", "fminm.d", "fmin.d"),
  "fcvt.wu.d converts signed": asAnother("floating", "fcvt.wu.d", "fcvt.w.d"),
  "amomaxu.w compares signed": asAnother("atomic", "amomaxu.w", "amomax.w"),
  "csrrc sets": asAnother("supervisor", "csrrc", "csrrs"),
  "SUM is ignored": withStatus("sv39", 18),
  "MXR is ignored": withStatus("sv48", 19),
  "D of a leaf is ignored": withEntryBit("sv57", 7),
  "U of a leaf is ignored": withEntryBit("sv39", 4),
};

const PROGRAMS = 300;

/** @returns whether a program of the mutation's profile tells the mutated engine from the real one */
export async function isCaught({ profile, mutate }: Mutation, engine: Engine): Promise<boolean> {
  const options = { seed: 1, features: ALL_FEATURES, profiles: [profile] };
  const programs = makeBatch(options, 0, PROGRAMS);
  const image = buildImage(programs, ALL_FEATURES);
  const right = (await engine.run(image)).slice();
  const wrong = await engine.run(buildImage(programs.map(mutate), ALL_FEATURES));
  const results = /^(?:out|log|data)\b/;
  return compare(image, wrong, right).some(({ differences }) =>
    differences.some(({ field }) => results.test(field)),
  );
}
