/** Directives that put data into the output. */
import { evaluate, unescape } from "./expression.ts";
import type { Resolve } from "./expression.ts";

/** What a directive needs of its place. */
interface Place {
  readonly address: bigint;
  readonly resolve: Resolve;
}

/** A directive's bytes; its size must not depend on symbols that are defined later. */
export interface Directive {
  size(operands: readonly string[], place: Place): number;
  write(operands: readonly string[], place: Place): Uint8Array;
}

function numbers(width: 1 | 2 | 4 | 8): Directive {
  return {
    size: (operands) => operands.length * width,
    write(operands, { resolve }) {
      const bytes = new Uint8Array(operands.length * width);
      for (const [at, text] of operands.entries()) {
        littleEndian(bytes.subarray(at * width, (at + 1) * width), evaluate(text, resolve));
      }
      return bytes;
    },
  };
}

function littleEndian(bytes: Uint8Array, value: bigint): void {
  const bits = bytes.length * 8;
  if (value >= 1n << BigInt(bits) || value < -(1n << BigInt(bits - 1))) {
    throw new RangeError(`${value} does not fit in ${bits} bits`);
  }
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number((value >> BigInt(8 * at)) & 0xffn);
}

function floats(width: 4 | 8): Directive {
  return {
    size: (operands) => operands.length * width,
    write(operands) {
      const view = new DataView(new ArrayBuffer(operands.length * width));
      for (const [at, text] of operands.entries()) {
        const value = Number(text.replace(/^(-?)inf$/, "$1Infinity"));
        if (width === 4) view.setFloat32(at * 4, value, true);
        else view.setFloat64(at * 8, value, true);
      }
      return new Uint8Array(view.buffer);
    },
  };
}

/** The characters of quoted strings, which must be Latin-1. */
function stringBytes(operands: readonly string[], terminator: string): Uint8Array {
  const text = operands.map((operand) => {
    if (!/^".*"$/s.test(operand)) throw new SyntaxError(`${operand} is no quoted string`);
    return unescape(operand.slice(1, -1)) + terminator;
  });
  return Uint8Array.from(text.join(""), (char) => char.charCodeAt(0));
}

function strings(terminator: string): Directive {
  return {
    size: (operands) => stringBytes(operands, terminator).length,
    write: (operands) => stringBytes(operands, terminator),
  };
}

/** The largest output that one directive may ask for. */
const MAX_FILL_BYTES = 1 << 28;

function count(text: string | undefined, { resolve }: Place): number {
  const value = evaluate(text ?? "", resolve);
  if (value < 0n || value > MAX_FILL_BYTES) throw new RangeError(`${value} bytes are too many`);
  return Number(value);
}

const FILL: Directive = {
  size: ([bytes], place) => count(bytes, place),
  write: ([bytes, value = "0"], place) =>
    new Uint8Array(count(bytes, place)).fill(Number(evaluate(value, place.resolve))),
};

const C_NOP = [0x01, 0x00];
const NOP = [0x13, 0x00, 0x00, 0x00];

/** Padding that can be executed: zeros up to an even address, then nops. */
function padding(bytes: number): Uint8Array {
  const pad = new Uint8Array(bytes);
  let at = bytes % 2;
  if ((bytes - at) % 4 === 2) {
    pad.set(C_NOP, at);
    at += 2;
  }
  for (; at < bytes; at += 4) pad.set(NOP, at);
  return pad;
}

function alignment(boundary: (operand: bigint) => bigint): Directive {
  const size = ([text = ""]: readonly string[], place: Place): number => {
    const step = boundary(evaluate(text, place.resolve));
    if (step <= 0n || step & (step - 1n)) throw new RangeError(`${step} is no power of two`);
    return count(`${-place.address & (step - 1n)}`, place);
  };
  return { size, write: (operands, place) => padding(size(operands, place)) };
}

const ORIGIN: Directive = {
  size([text = ""], place) {
    const gap = evaluate(text, place.resolve) - place.address;
    if (gap < 0n) throw new RangeError(`.org would go back by ${-gap} bytes`);
    return count(`${gap}`, place);
  },
  write: (operands, place) => new Uint8Array(ORIGIN.size(operands, place)),
};

const powerOfTwo = alignment((power) => 1n << power);

export const DIRECTIVES: Readonly<Record<string, Directive>> = {
  ".byte": numbers(1),
  ".half": numbers(2),
  ".word": numbers(4),
  ".dword": numbers(8),
  ".2byte": numbers(2),
  ".4byte": numbers(4),
  ".8byte": numbers(8),
  ".quad": numbers(8),
  ".float": floats(4),
  ".double": floats(8),
  ".ascii": strings(""),
  ".asciz": strings("\0"),
  ".string": strings("\0"),
  ".zero": FILL,
  ".space": FILL,
  ".skip": FILL,
  ".align": powerOfTwo,
  ".p2align": powerOfTwo,
  ".balign": alignment((bytes) => bytes),
  ".org": ORIGIN,
};

/** Directives of other assemblers that change nothing here. */
export const IGNORED_DIRECTIVES: ReadonlySet<string> = new Set([
  ".globl",
  ".global",
  ".text",
  ".section",
  ".option",
  ".type",
  ".size",
]);
