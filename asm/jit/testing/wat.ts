/**
 * WebAssembly text of a region's function, for people: guest registers, the hart's fields and the
 * core's functions by their names, where the text format has numbers.
 */
import { F_NAMES, X_NAMES } from "../../../src/isa/registers.ts";
import {
  DECODE_ENTRIES,
  HART,
  TLB_ARRAY_BYTES,
  TLB_ENTRY_BYTES,
  TLB_SITE_BYTES,
  TLB_SITES_AT,
} from "../../../src/protocol/layout.ts";
import { Reader } from "./expression.ts";
import type { Expression } from "./expression.ts";
import type { WasmFunction, WasmModule } from "./wasm-module.ts";
import { VALUE_TYPES } from "./wat-opcodes.ts";

/** Imports in the order of asm/jit/code.ts, named a, b, c …; the fixed locals of asm/jit/locals.ts. */
const CORE = ["load", "store", "slow", "poll", "go", "pure", "float", "group"];
const FIXED = "hart base page depth va entry left tlb pc exit".split(" ");
/** Which operands of the core's functions depend on the numbering of operations. */
const RECORDS: Readonly<Record<number, readonly number[]>> = {
  0: [3],
  1: [4],
  2: [1, 2],
  5: [0],
  6: [1, 2],
};
const WIDTH = 100;
const REGISTER_NAMES = [...X_NAMES, ...F_NAMES];

/** Field of the hart's block at an offset. */
function fieldAt(offset: number): string {
  if (offset < 256) return REGISTER_NAMES[offset >> 3] ?? "";
  if (offset >= HART.at.f && offset < HART.at.f + 256) {
    return REGISTER_NAMES[32 + ((offset - HART.at.f) >> 3)] ?? "";
  }
  for (const [name, at] of Object.entries(HART.at)) if (at === offset) return name;
  return `${offset}`;
}

/** An entry of the arrays by site: which does not matter. */
function siteName(offset: number): string {
  const at = offset - TLB_SITES_AT;
  const kind = ["read", "write", "reads", "writes"][Math.floor(at / TLB_SITE_BYTES)] ?? "";
  return `site.${kind}.${at % TLB_ENTRY_BYTES ? "addend" : "page"}`;
}

const isHart = ({ head }: Expression): boolean => head[0] === "local.get" && head[1] === 0;

class Printer {
  readonly #module: WasmModule;
  readonly #function: WasmFunction;
  readonly #names = new Map<number, string>();

  constructor(module: WasmModule, fn: WasmFunction) {
    this.#module = module;
    this.#function = fn;
  }

  text(): string {
    const body = new Reader(this.#module, this.#function).read();
    const hinted = body.reduce((sum, expression) => sum + hintedIn(expression), 0);
    if (hinted !== this.#function.hints.size) throw new RangeError("a branch hint is at no branch");
    FIXED.forEach((name, local) => this.#names.set(local, name));
    body.forEach((expression) => this.#findRegisters(expression));
    body.forEach((expression) => this.#findWords(expression));
    this.#nameGroups();
    const lines = body.flatMap((expression) => this.#lines(expression, "  "));
    return `(func $region\n${this.#declarations()}${lines.join("\n")})\n`;
  }

  /** Locals that are loaded from a register's place, or stored there, are that register. */
  #findRegisters({ head, children }: Expression): void {
    const [first, second] = children;
    if (head[0] === "local.set" && first?.children[0] && isHart(first.children[0])) {
      this.#nameRegister(head[1], first.head);
    }
    if (first && second?.head[0] === "local.get" && isHart(first)) {
      this.#nameRegister(second.head[1], head);
    }
    children.forEach((child) => this.#findRegisters(child));
  }

  #nameRegister(local: unknown, [operation, offset = 0]: Expression["head"]): void {
    if (!/^[if]64\.(load|store)$/.test(operation) || typeof local !== "number") return;
    const register = REGISTER_NAMES.includes(fieldAt(Number(offset)));
    if (register && !this.#names.has(local)) this.#names.set(local, fieldAt(Number(offset)));
  }

  /** Locals that are extended to a register's value are that register's word. */
  #findWords({ head, children }: Expression): void {
    const extension = head[0] === "i64.extend_i32_s" ? children[0] : undefined;
    this.#nameWord(extension);
    children.forEach((child) => this.#findWords(child));
  }

  #nameWord(local: Expression | undefined): void {
    const index = local?.head[0] === "local.get" ? Number(local.head[1]) : 0;
    if (index >= FIXED.length && !this.#names.has(index)) this.#names.set(index, `word${index}`);
  }

  /** Any other i32 beyond the fixed ones is the host address of a group. */
  #nameGroups(): void {
    let groups = 0;
    this.#function.locals.forEach((type, local) => {
      if (type !== 0x7f || local < FIXED.length || this.#names.has(local)) return;
      this.#names.set(local, `group${groups++}`);
    });
  }

  #local(index: unknown): string {
    return `$${this.#names.get(Number(index)) ?? index}`;
  }

  #declarations(): string {
    const { locals } = this.#function;
    const own = locals.slice(FIXED.length);
    if (own.length === 0) return "";
    const words = own.map((type, i) => `${this.#local(FIXED.length + i)}:${VALUE_TYPES[type]}`);
    const lines: string[] = [];
    for (let i = 0; i < words.length; i += 8) lines.push(words.slice(i, i + 8).join(" "));
    return lines.map((line) => `  ;; ${line}\n`).join("");
  }

  #function_(index: number): string {
    const name = this.#module.imports[index]?.name;
    if (name === undefined) return index === this.#function.index ? "$region" : `$region${index}`;
    const at = name.charCodeAt(0) - "a".charCodeAt(0);
    return `$core.${CORE[at] ?? name}`;
  }

  #memory(name: string, offset: unknown, address: Expression | undefined): string {
    const value = Number(offset ?? 0);
    if (address && isHart(address)) return `${name} hart.${fieldAt(value)}`;
    const base = address?.head[0] === "local.get" ? this.#local(address.head[1]) : "";
    if (base === "$base") return `${name} entries+${value - DECODE_ENTRIES}`;
    if (base === "$tlb") return `${name} ${siteName(value)}`;
    if (base !== "$entry") return value ? `${name} offset=${value}` : name;
    const write = value >= TLB_ARRAY_BYTES;
    return `${name} ${write ? "write" : "read"}.${value % TLB_ARRAY_BYTES ? "addend" : "page"}`;
  }

  #head({ head, children, likely }: Expression): string {
    const [name, ...immediates] = head;
    if (name.startsWith("local.")) return `${name} ${this.#local(immediates[0])}`;
    if (name === "call") return `call ${this.#function_(Number(immediates[0]))}`;
    if (/\.(load|store|atomic)/.test(name))
      return this.#memory(name, immediates[0], this.#base(children));
    const hint = likely === undefined ? [] : [likely ? "@likely" : "@unlikely"];
    return [name, ...immediates.map((value) => constant(name, value)), ...hint].join(" ");
  }

  /** Decoded records and opcodes among a call's operands, which any new instruction renumbers. */
  #withoutRecords({ head, children }: Expression): readonly Expression[] {
    const records = head[0] === "call" ? RECORDS[Number(head[1])] : undefined;
    if (records === undefined) return children;
    return children.map((child, i) =>
      records.includes(i) && child.head[0] === "i32.const"
        ? { head: ["i32.const", "record"], children: [] }
        : child,
    );
  }

  #base(children: readonly Expression[]): Expression | undefined {
    const [first] = children;
    return first?.head[0] === "local.tee"
      ? { ...first, head: ["local.get", first.head[1] ?? 0] }
      : first;
  }

  #lines(expression: Expression, indent: string): string[] {
    const head = this.#head(expression);
    const children = this.#withoutRecords(expression);
    if (children.length === 0) return [`${indent}(${head})`];
    const inner = children.map((child) => this.#lines(child, `${indent}  `));
    const flat = `${indent}(${head} ${inner.map((lines) => lines.join("").trim()).join(" ")})`;
    const simple = inner.every((lines) => lines.length === 1) && !isStructure(expression);
    if (simple && flat.length <= WIDTH) return [flat];
    const lines = inner.flat();
    return [`${indent}(${head}`, ...lines.slice(0, -1), `${lines.at(-1)})`];
  }
}

function hintedIn({ likely, children }: Expression): number {
  return children.reduce((sum, child) => sum + hintedIn(child), likely === undefined ? 0 : 1);
}

function isStructure({ head }: Expression): boolean {
  return /^(block|loop|if)$/.test(head[0]) || /^(then|else)$/.test(head[0]);
}

/** Masks are read in hexadecimal. */
function constant(name: string, value: string | number | bigint): string {
  if (!name.endsWith(".const") || typeof value === "string") return `${value}`;
  const big = BigInt(value);
  return big > 4096n || big < -4096n
    ? `${big < 0n ? "-" : ""}0x${(big < 0n ? -big : big).toString(16)}`
    : `${value}`;
}

/** @throws RangeError on an instruction that has no name here yet, and on misplaced branch hints */
export function printFunction(module: WasmModule, fn: WasmFunction): string {
  return new Printer(module, fn).text();
}
