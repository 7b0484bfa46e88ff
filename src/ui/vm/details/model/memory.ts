/** How much memory the machine has, and may have. */
import { currentMemoryKib, maxMemoryKib } from "../../../../virt/conf/domain/view.ts";
import { type Draft, ensureChild, setText } from "../../../../virt/xml/draft.ts";
import type { XmlElement } from "../../../../virt/xml/element.ts";

const KIB_PER_MIB = 1024;

/** MiB, as texts. */
export type Memory = { readonly current: string; readonly max: string };

export function readMemory(domain: XmlElement): Memory {
  return {
    current: String(Math.round(currentMemoryKib(domain) / KIB_PER_MIB)),
    max: String(Math.round(maxMemoryKib(domain) / KIB_PER_MIB)),
  };
}

/** What did not change keeps its KiB. */
export function writeMemory(domain: Draft, change: Partial<Memory>): void {
  const set = (name: string, mib: string | undefined): void => {
    if (mib === undefined) return;
    const element = ensureChild(domain, name);
    element.attributes.set("unit", "KiB");
    setText(element, Number(mib) * KIB_PER_MIB);
  };
  set("memory", change.max);
  set("currentMemory", change.current);
}
