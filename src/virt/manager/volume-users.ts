/** Which domains have a volume among their disks. */
import { devicesOf } from "../conf/domain/view.ts";
import { find, type XmlElement } from "../xml/element.ts";
import type { ManagedDomain, ManagedVolume } from "./objects.ts";

/** Those whose definition, or what runs now, names the volume: by path, or by pool and name. */
export function usersOf(
  volume: Pick<ManagedVolume, "path" | "ref">,
  domains: readonly ManagedDomain[],
): readonly ManagedDomain[] {
  return domains.filter(({ definition, live }) =>
    [definition, live].some(
      (each) => each !== null && devicesOf(each, "disk").some((disk) => isOn(disk, volume)),
    ),
  );
}

function isOn(disk: XmlElement, { path, ref }: Pick<ManagedVolume, "path" | "ref">): boolean {
  const source = find(disk, "source")?.attributes;
  if (!source) return false;
  if (source.get("file") === path || source.get("dev") === path) return true;
  return source.get("pool") === ref.pool && source.get("volume") === ref.name;
}
