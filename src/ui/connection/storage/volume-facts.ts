/** What is to be read from a volume's definition. */
import type { ManagedVolume } from "../../../virt/manager/objects.ts";
import { find } from "../../../virt/xml/element.ts";

type Volume = Pick<ManagedVolume, "definition">;

/** `qcow2`, `raw`; `raw` where the definition has none, as in volume groups. */
export function volumeFormat({ definition }: Volume): string {
  return find(definition, "target", "format")?.attributes.get("type") ?? "raw";
}

/** The last part of a path or address. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
