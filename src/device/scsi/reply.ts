import { scatter } from "../buffers.ts";
import { allocationLength } from "./cdb.ts";
import { good, type ScsiCommand, type ScsiResult } from "./scsi-unit.ts";

/** Answers with data, as much of it as the initiator has room for. */
export function reply({ cdb, dataIn }: ScsiCommand, data: Uint8Array): ScsiResult {
  return good(scatter(dataIn, data.subarray(0, allocationLength(cdb))));
}
