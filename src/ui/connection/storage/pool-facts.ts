/** What is to be read from a pool's definition. */
import type { ManagedPool } from "../../../virt/manager/objects.ts";
import { childElements, find, textAt } from "../../../virt/xml/element.ts";
import type { Translate } from "../../i18n/catalogue.ts";
import { formatBytes } from "../../common/format.ts";

type Pool = Pick<ManagedPool, "definition">;

/** libvirt's word: `dir`, `logical`, or our `http`. */
export function poolType({ definition }: Pool): string {
  return definition.attributes.get("type") ?? "dir";
}

/** What the type is called; libvirt's word for those that the page cannot make. */
export function poolTypeText(pool: Pool, t: Translate): string {
  const type = poolType(pool);
  return type === "dir" || type === "logical" || type === "http" ? t(`pool.type.${type}`) : type;
}

/** Where its volumes are; empty for what has no place here. */
export function poolPath({ definition }: Pool): string {
  return textAt(definition, "target", "path") ?? "";
}

/** Devices and addresses that its bytes come from. */
export function poolSources({ definition }: Pool): readonly string[] {
  const source = find(definition, "source");
  if (!source) return [];
  const devices = childElements(source, "device").map((each) => each.attributes.get("path"));
  const dir = find(source, "dir")?.attributes.get("path");
  return [textAt(source, "name"), dir, ...devices].filter((each) => each !== undefined);
}

/** Images that are only read: nothing can be made, sent or taken away. */
export function isReadOnly(pool: Pool): boolean {
  return poolType(pool) === "http";
}

/** `2 GiB of 10 GiB`; empty while nobody knows. */
export function usedText({ capacity, allocation }: ManagedPool, t: Translate): string {
  if (capacity === 0) return "";
  return t("pool.spaceOf", {
    used: formatBytes(allocation, t),
    capacity: formatBytes(capacity, t),
  });
}

/** 0 to 1. */
export function usedPart({ capacity, allocation }: ManagedPool): number {
  return capacity === 0 ? 0 : Math.min(1, allocation / capacity);
}
