import type { DriveConfig } from "../../api/types.ts";
import { UsageError } from "./usage-error.ts";

/**
 * What a drive does with zeroes that are written to it.
 *
 * @param unmaps whether discards reach the image
 * @throws UsageError in QEMU's words
 */
export function detectZeroesOf(
  option: string,
  text: string,
  unmaps: boolean,
): Pick<DriveConfig, "detectZeroes"> {
  if (text !== "off" && text !== "on" && text !== "unmap") {
    throw new UsageError(`${option}: Parameter 'detect-zeroes' does not accept value '${text}'`);
  }
  if (text === "unmap" && !unmaps) {
    throw new UsageError(
      `${option}: setting detect-zeroes to unmap is not allowed without setting discard ` +
        "operation to unmap",
    );
  }
  return text === "off" ? {} : { detectZeroes: text };
}
