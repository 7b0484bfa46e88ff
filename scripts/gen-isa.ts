/**
 * Writes what follows from the instruction table: asm/generated/opcodes.ts, decode.ts and exec.ts;
 * with --docs also docs/isa.md.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { emitDecode } from "./isa/emit-decode.ts";
import { emitDocs } from "./isa/emit-docs.ts";
import { emitEmit } from "./isa/emit-emit.ts";
import { emitExec } from "./isa/emit-exec.ts";
import { emitOpcodes } from "./isa/emit-opcodes.ts";

mkdirSync("asm/generated", { recursive: true });
writeFileSync("asm/generated/opcodes.ts", emitOpcodes());
writeFileSync("asm/generated/decode.ts", emitDecode());
writeFileSync("asm/generated/exec.ts", emitExec());
writeFileSync("asm/generated/emit.ts", emitEmit());
if (process.argv.includes("--docs")) writeFileSync("docs/isa.md", emitDocs());
