/** Reads as much of a Wasm module as it takes to print its functions (core specification §5.5). */

export interface FunctionType {
  readonly params: readonly number[];
  readonly results: readonly number[];
}

export interface WasmFunction {
  /** Index in the module, imports counted. */
  readonly index: number;
  readonly type: FunctionType;
  /** Types of locals, parameters first. */
  readonly locals: readonly number[];
  /** Its instructions, the closing `end` included. */
  readonly code: Cursor;
  /** Branch hints by the offset of their instruction in `code.bytes`: whether it is taken. */
  readonly hints: ReadonlyMap<number, boolean>;
}

export interface WasmModule {
  /** Imported functions, in order. */
  readonly imports: readonly { readonly name: string; readonly type: FunctionType }[];
  readonly types: readonly FunctionType[];
  readonly functions: readonly WasmFunction[];
}

/** A place in bytes. */
export class Cursor {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new RangeError("the module ends too early");
    return value;
  }

  u32(): number {
    return Number(this.#leb(false));
  }

  s32(): number {
    return Number(BigInt.asIntN(32, this.#leb(true)));
  }

  s64(): bigint {
    return BigInt.asIntN(64, this.#leb(true));
  }

  f64(): number {
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset);
    this.at += 8;
    return view.getFloat64(this.at - 8, true);
  }

  #leb(signed: boolean): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte & 0x80) continue;
      return signed && byte & 0x40 ? value - (1n << (shift + 7n)) : value;
    }
  }

  name(): string {
    const length = this.u32();
    const from = this.at;
    this.at += length;
    return String.fromCharCode(...this.bytes.subarray(from, this.at));
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.u32() }, read);
  }
}

/** Kind of an import: a type and whether it may change, a byte each. */
const GLOBAL = 3;

const HINTS = "metadata.code.branch_hint";

/** Sections by id, the hints' under its name. */
function sections(bytes: Uint8Array): Map<number | string, Cursor> {
  const found = new Map<number | string, Cursor>();
  for (let at = 8; at < bytes.length;) {
    const cursor = new Cursor(bytes, at);
    const id = cursor.byte();
    const size = cursor.u32();
    at = cursor.at + size;
    const section = new Cursor(bytes, cursor.at, at);
    found.set(id === 0 ? section.name() : id, section);
  }
  return found;
}

function typeSection(section: Cursor): FunctionType[] {
  return section.list(() => {
    section.byte();
    return {
      params: section.list(() => section.byte()),
      results: section.list(() => section.byte()),
    };
  });
}

function importSection(section: Cursor, types: readonly FunctionType[]): WasmModule["imports"] {
  const functions: { name: string; type: FunctionType }[] = [];
  section.list(() => {
    section.name();
    const name = section.name();
    const kind = section.byte();
    if (kind === 0) {
      functions.push({ name, type: typeAt(types, section.u32()) });
      return;
    }
    if (kind === GLOBAL) {
      section.at += 2;
      return;
    }
    if (kind === 1) section.byte();
    const flags = section.byte();
    section.u32();
    if (flags & 1) section.u32();
  });
  return functions;
}

function typeAt(types: readonly FunctionType[], index: number): FunctionType {
  const type = types[index];
  if (!type) throw new RangeError(`the module has no type ${index}`);
  return type;
}

/** Hints by function index; offsets count from the start of the function's local declarations. */
function hintSection(section: Cursor | undefined): Map<number, Map<number, boolean>> {
  const all = new Map<number, Map<number, boolean>>();
  section?.list(() => {
    const index = section.u32();
    const hints = section.list(() => {
      const at = section.u32();
      section.byte();
      return [at, section.byte() === 1] as const;
    });
    all.set(index, new Map(hints));
  });
  return all;
}

/** @throws RangeError when the bytes are no module of the kind that the JIT writes */
export function readModule(bytes: Uint8Array): WasmModule {
  const found = sections(bytes);
  const section = (id: number): Cursor => found.get(id) ?? new Cursor(new Uint8Array([0]));
  const types = typeSection(section(1));
  const imports = importSection(section(2), types);
  const declared = section(3);
  const signatures = declared.list(() => typeAt(types, declared.u32()));
  const hints = hintSection(found.get(HINTS));
  const code = section(10);
  let index = imports.length;
  const functions = code.list((): WasmFunction => {
    const size = code.u32();
    const start = code.at;
    const type = signatures[index - imports.length];
    if (!type) throw new RangeError("the module has a body without a type");
    const locals = [...type.params];
    code.list(() => {
      const count = code.u32();
      const local = code.byte();
      locals.push(...Array.from({ length: count }, () => local));
    });
    const body = new Cursor(bytes, code.at, start + size);
    code.at = start + size;
    const own = hints.get(index) ?? new Map<number, boolean>();
    const moved = new Map([...own].map(([at, likely]) => [start + at, likely] as const));
    return { index: index++, type, locals, code: body, hints: moved };
  });
  return { imports, types, functions };
}
