/** Properties of disk devices that decide about the drive behind them. */
import type { DriveConfig } from "../../api/types.ts";
import { onOff } from "./device-properties.ts";
import { errorProperties } from "./error-policies.ts";
import { parseKeyed } from "./values.ts";

export const DRIVE_PROPERTIES = ["rerror", "werror", "write-cache"] as const;

/**
 * The drives with what their devices' properties say in the place of what they said themselves.
 *
 * @param devices the texts of `-device`
 * @throws UsageError in QEMU's words
 */
export function withDeviceProperties(
  drives: readonly DriveConfig[],
  devices: readonly string[],
): readonly DriveConfig[] {
  const changes = new Map<string, Partial<DriveConfig>>();
  for (const text of devices) {
    const { keys } = parseKeyed(text);
    const option = `-device ${text}`;
    const changed = { ...errorProperties(option, keys), ...writeCache(option, keys) };
    changes.set(keys.get("drive") ?? "", changed);
  }
  return drives.map((drive) => ({ ...drive, ...changes.get(drive.id) }));
}

function writeCache(option: string, keys: ReadonlyMap<string, string>) {
  const text = keys.get("write-cache") ?? "auto";
  return text === "auto" ? {} : { writeThrough: !onOff(option, "write-cache", text) };
}
