/** What each step of the wizard gets. */
import type { ManagedVolume } from "../../virt/manager/objects.ts";
import { find, textAt } from "../../virt/xml/element.ts";
import { StorageVolType } from "../../virt/driver/storage-flags.ts";
import type { Around } from "./around.ts";
import type { ChosenVolume, Draft, Settled } from "./draft.ts";
import type { Field } from "./problems.ts";

/** What is said below a field. */
export interface Said {
  readonly problem: string | undefined;
  readonly warning: string | undefined;
}

export interface StepProps {
  readonly settled: Settled;
  readonly around: Around;
  readonly change: (changes: Partial<Draft>) => void;
  readonly said: (field: Field) => Said;
  /** Opens the storage browser. */
  readonly browse: (title: string, onChoose: (volume: ChosenVolume) => void) => void;
}

export function chosenVolume({ ref, name, path, info, definition }: ManagedVolume): ChosenVolume {
  const target = find(definition, "target");
  return {
    from: "pool",
    ref,
    name,
    path,
    isBlock: info.type === StorageVolType.block,
    format: (target && find(target, "format")?.attributes.get("type")) ?? "raw",
    capacityBytes: Number(info.capacity),
    backing: textAt(definition, "backingStore", "path"),
  };
}
