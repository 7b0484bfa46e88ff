/** Text of asm/generated/opcodes.ts. */
import { OPS, SLOW_OPS } from "../../src/isa/opcodes.ts";
import { upperSnake } from "../names.ts";

function constants(prefix: string, numbers: ReadonlyMap<string, number>): string[] {
  return [
    ...[...numbers].map(([name, n]) => `export const ${prefix}_${upperSnake(name)}: u32 = ${n};`),
    `export const ${prefix}_COUNT: u32 = ${numbers.size};`,
  ];
}

export function emitOpcodes(): string {
  const lines = [...constants("OP", OPS), ...constants("SLOW", SLOW_OPS)];
  return `// Written by scripts/gen-isa.ts; do not edit.\n${lines.join("\n")}\n`;
}
