/** The units of one controller by target and logical unit number (SAM-5 §4.6). */
import { viewOf } from "../../util/bytes.ts";
import { Op, Senses } from "./codes.ts";
import { standardInquiry } from "./inquiry.ts";
import { reply } from "./reply.ts";
import { check, type ScsiCommand, type ScsiDone, type ScsiUnit } from "./scsi-unit.ts";

/** Peripheral qualifiers 3 (no such unit) and 1 (none connected now), both with type 31. */
const NO_UNIT = 0x7f;
const NOT_CONNECTED = 0x3f;
const TARGET = { product: "QEMU TARGET", removable: false, serial: "", name: "" };
const LUN_BYTES = 8;

/** Commands that a pending unit attention does not stop (SPC-4 §5.14). */
const BEFORE_ATTENTION: ReadonlySet<number> = new Set([Op.inquiry, Op.reportLuns, Op.requestSense]);

export class ScsiTarget {
  readonly units = new Map<number, ScsiUnit>();

  /** Carries out a command for unit `lun`, which need not be there. */
  execute(lun: number, command: ScsiCommand, done: ScsiDone): void {
    const op = command.cdb[0] ?? 0;
    if (op === Op.reportLuns) return done(this.#reportLuns(command));
    const unit = this.units.get(lun);
    if (!unit) return done(this.#absent(lun, command));
    const attention = BEFORE_ATTENTION.has(op) ? null : unit.takeAttention();
    if (attention) done(check(attention));
    else unit.execute(command, done);
  }

  /** LUN 0 answers for the target, so that an initiator goes on to ask for the others. */
  #absent(lun: number, command: ScsiCommand) {
    if (command.cdb[0] !== Op.inquiry) return check(Senses.unsupportedUnit);
    const data = standardInquiry({ ...TARGET, type: lun === 0 ? NOT_CONNECTED : NO_UNIT });
    return reply(command, data);
  }

  /** LUN 0 is always in the list: it answers for the target. */
  #reportLuns(command: ScsiCommand) {
    if ((command.cdb[2] ?? 0) > 2) return check(Senses.invalidField);
    const luns = [...new Set([0, ...this.units.keys()])].sort((a, b) => a - b);
    const data = new Uint8Array(8 + LUN_BYTES * luns.length);
    viewOf(data).setUint32(0, LUN_BYTES * luns.length);
    luns.forEach((lun, i) => data.set(lunBytes(lun), 8 + LUN_BYTES * i));
    return reply(command, data);
  }
}

/** Peripheral addressing below 256, flat above (SAM-5 §4.7). */
function lunBytes(lun: number): number[] {
  return lun < 256 ? [0, lun] : [0x40 | (lun >> 8), lun & 0xff];
}
