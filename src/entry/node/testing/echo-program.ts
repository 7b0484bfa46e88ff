/** Firmware that echoes. */
import { assemble } from "../../../isa/assemble.ts";

/**
 * Prints "ready\n", then echoes to the first "q", and powers off.
 *
 * @param exitWord what is written to the syscon: 0x5555 is success
 */
export function echoProgram(exitWord = 0x5555): Uint8Array {
  const source = `
    li s0, 0x10000000
    la a0, text
  1: lbu t1, 0(a0)
    beqz t1, echo
    sb t1, 0(s0)
    addi a0, a0, 1
    j 1b
  echo:
    lbu t0, 5(s0)
    andi t0, t0, 1
    beqz t0, echo
    lbu t1, 0(s0)
    sb t1, 0(s0)
    li t2, 113
    bne t1, t2, echo
    li t0, 0x100000
    li t1, ${exitWord}
    sw t1, 0(t0)
    j .
  text: .asciz "ready\\n"
  `;
  return assemble(source, { origin: 0x8000_0000n }).bytes;
}
