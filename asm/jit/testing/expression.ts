/**
 * A function's instructions as nested expressions, each with the operands that it takes (the folded
 * form of the text format, core specification §6.5.10).
 */
import type { Cursor, FunctionType, WasmFunction, WasmModule } from "./wasm-module.ts";
import { lane, memoryOperation, numeric, VALUE_TYPES, vector } from "./wat-opcodes.ts";

export interface Expression {
  /** Mnemonic and immediates; locals and functions as numbers. */
  readonly head: readonly [name: string, ...immediates: (string | number | bigint)[]];
  readonly children: readonly Expression[];
  /** Of an `if` with a branch hint: whether it is usually taken. */
  readonly likely?: boolean;
}

type Head = Expression["head"];

const VOID = 0x40;

/** Instructions between a `block`, `loop`, `if` or `else` and its end. */
class Body {
  readonly done: Expression[] = [];
  /** Pushed values that nothing has taken yet. */
  readonly #stack: Expression[] = [];

  /** Operands that the text may nest: fewer than taken when statements came in between. */
  take(count: number): Expression[] {
    return this.#stack.splice(Math.max(0, this.#stack.length - count), count);
  }

  push(head: Head, takes: number): void {
    this.#stack.push({ head, children: this.take(takes) });
  }

  pushExpression(expression: Expression): void {
    this.#stack.push(expression);
  }

  /** A statement: values pushed before it come before it. */
  statement(expression: Expression): void {
    this.done.push(...this.#stack.splice(0), expression);
  }

  close(): Expression[] {
    this.done.push(...this.#stack.splice(0));
    return this.done;
  }
}

export class Reader {
  readonly #module: WasmModule;
  readonly #function: WasmFunction;
  readonly #code: Cursor;
  /** Names of the open blocks, innermost last. */
  readonly #labels: string[] = [];
  readonly #counts = { block: 0, loop: 0, if: 0 };

  constructor(module: WasmModule, fn: WasmFunction) {
    this.#module = module;
    this.#function = fn;
    this.#code = fn.code;
  }

  read(): readonly Expression[] {
    return this.#body().expressions;
  }

  #body(): { expressions: Expression[]; ended: "end" | "else" } {
    const body = new Body();
    for (;;) {
      const at = this.#code.at;
      const opcode = this.#code.byte();
      if (opcode === 0x0b || opcode === 0x05) {
        return { expressions: body.close(), ended: opcode === 0x0b ? "end" : "else" };
      }
      this.#instruction(body, opcode, at);
    }
  }

  #instruction(body: Body, opcode: number, at: number): void {
    const code = this.#code;
    const operation = numeric(opcode);
    const memory = memoryOperation(opcode);
    if (operation) return body.push([operation.name], operation.takes);
    if (memory) return this.#memory(body, memory);
    switch (opcode) {
      case 0x02:
      case 0x03:
      case 0x04:
        return this.#block(body, opcode, at);
      case 0x10:
        return this.#call(body, code.u32());
      case 0x11: {
        const type = this.#module.types[code.u32()];
        code.u32();
        return this.#typedCall(body, ["call_indirect"], type, 1);
      }
      case 0x41:
        return body.push(["i32.const", code.s32()], 0);
      case 0x42:
        return body.push(["i64.const", code.s64()], 0);
      case 0x44:
        return body.push(["f64.const", `${code.f64()}`], 0);
      case 0xfd:
        return this.#vector(body, code.u32());
      case 0xfe:
        return this.#atomic(body, code.byte());
      default:
        this.#plain(body, opcode);
    }
  }

  #plain(body: Body, opcode: number): void {
    const code = this.#code;
    const statement = (head: Head, takes: number): void => {
      const children = body.take(takes);
      body.statement({ head, children });
    };
    switch (opcode) {
      case 0x00:
        return statement(["unreachable"], 0);
      case 0x0c:
        return statement(["br", this.#label()], 0);
      case 0x0d:
        return statement(["br_if", this.#label()], 1);
      case 0x0e: {
        const targets = code.list(() => this.#label());
        return statement(["br_table", ...targets, this.#label()], 1);
      }
      case 0x0f:
        return statement(["return"], this.#function.type.results.length);
      case 0x1a:
        return statement(["drop"], 1);
      case 0x1b:
        return body.push(["select"], 3);
      case 0x20:
        return body.push(["local.get", code.u32()], 0);
      case 0x21:
        return statement(["local.set", code.u32()], 1);
      case 0x22:
        return body.push(["local.tee", code.u32()], 1);
      default:
        throw new RangeError(`no name is known of opcode 0x${opcode.toString(16)}`);
    }
  }

  #memory(body: Body, name: string): void {
    this.#code.u32();
    const offset = this.#code.u32();
    const head: Head = offset ? [name, offset] : [name];
    if (name.includes("load")) return body.push(head, 1);
    body.statement({ head, children: body.take(2) });
  }

  #vector(body: Body, opcode: number): void {
    const operation = vector(opcode);
    const lanes = lane(opcode);
    if (operation) return body.push([operation.name], operation.takes);
    if (!lanes) throw new RangeError(`no name is known of vector opcode 0x${opcode.toString(16)}`);
    body.push([lanes, this.#code.byte()], lanes.includes("replace") ? 2 : 1);
  }

  #atomic(body: Body, opcode: number): void {
    if (opcode === 0x1e) {
      this.#code.u32();
      return body.push(["i32.atomic.rmw.add", this.#code.u32()], 2);
    }
    if (opcode !== 0x03) throw new RangeError(`no name is known of atomic opcode 0x${opcode}`);
    this.#code.byte();
    body.statement({ head: ["atomic.fence"], children: [] });
  }

  #call(body: Body, index: number): void {
    const { imports, functions } = this.#module;
    const type = imports[index]?.type ?? functions[index - imports.length]?.type;
    this.#typedCall(body, ["call", index], type, 0);
  }

  #typedCall(body: Body, head: Head, type: FunctionType | undefined, more: number): void {
    if (!type) throw new RangeError("a call of a function that is not there");
    const children = body.take(type.params.length + more);
    if (type.results.length > 0) body.pushExpression({ head, children });
    else body.statement({ head, children });
  }

  /** Reads a label's index. */
  #label(): string {
    return this.#labels.at(-1 - this.#code.u32()) ?? "$region";
  }

  #block(body: Body, opcode: number, at: number): void {
    const type = this.#code.byte();
    const name = opcode === 0x04 ? "if" : opcode === 0x03 ? "loop" : "block";
    const label = `$${name}${++this.#counts[name]}`;
    this.#labels.push(label);
    const children = opcode === 0x04 ? body.take(1) : [];
    const inner = this.#body();
    if (opcode === 0x04) {
      children.push({ head: ["then"], children: inner.expressions });
      if (inner.ended === "else") {
        children.push({ head: ["else"], children: this.#body().expressions });
      }
    } else children.push(...inner.expressions);
    this.#labels.pop();
    const result = VALUE_TYPES[type];
    const words = [...(name === "if" ? [] : [label]), ...(result ? [`(result ${result})`] : [])];
    const head: Head = [name, ...words];
    const likely = this.#function.hints.get(at);
    const expression = { head, children, ...(likely !== undefined && { likely }) };
    if (type === VOID) body.statement(expression);
    else body.pushExpression(expression);
  }
}
