/** Which of the host's CPUs a domain's threads may run on. */
import { ensurePath } from "../../../conf/domain/view.ts";
import { formatCpuset, parseCpuset } from "../../../conf/values.ts";
import { childAt, childrenOf, type Draft, draft, removeChildren } from "../../../xml/draft.ts";
import { childElements, find, type XmlElement } from "../../../xml/element.ts";

/** A kind of threads, as `<cputune>` has them. */
const PINS = {
  vcpu: { element: "vcpupin", attribute: "vcpu" },
  iothread: { element: "iothreadpin", attribute: "iothread" },
} as const;

type PinnedKind = keyof typeof PINS;

/** The CPUs of one thread; null where it may run on all of them. */
export function pinOf(definition: XmlElement, kind: PinnedKind, number: number): string | null {
  const { element, attribute } = PINS[kind];
  const cputune = find(definition, "cputune");
  const pin = (cputune ? childElements(cputune, element) : []).find(
    (each) => each.attributes.get(attribute) === String(number),
  );
  return (
    pin?.attributes.get("cpuset") ?? find(definition, "vcpu")?.attributes.get("cpuset") ?? null
  );
}

/** One value for each of `cpus`: whether the set has it. */
export function cpuMap(cpuset: string | null | undefined, cpus: number): boolean[] {
  const set = cpuset === undefined || cpuset === null ? null : new Set(parseCpuset(cpuset));
  return Array.from({ length: cpus }, (_, cpu) => set === null || set.has(cpu));
}

function cpusetOf(cpumap: readonly boolean[]): string {
  return formatCpuset([...cpumap.keys()].filter((cpu) => cpumap[cpu] === true));
}

/** In the order of their threads. @param cpumap not without any CPU */
export function settingPin(
  kind: PinnedKind,
  number: number,
  cpumap: readonly boolean[],
): (definition: Draft) => void {
  const { element, attribute } = PINS[kind];
  return (definition) => {
    unpin(definition, kind, number);
    const cputune = ensurePath(definition, "cputune");
    const made = draft(element, { [attribute]: number, cpuset: cpusetOf(cpumap) });
    const pins = [...childrenOf(cputune, element), made];
    const numberOf = (pin: Draft): number => Number(pin.attributes.get(attribute));
    removeChildren(cputune, element);
    cputune.children.push(...pins.toSorted((a, b) => numberOf(a) - numberOf(b)));
  };
}

/** Lets a thread run on all CPUs again. */
export function unpin(definition: Draft, kind: PinnedKind, number: number): void {
  const { element, attribute } = PINS[kind];
  const cputune = childAt(definition, "cputune");
  if (!cputune) return;
  removeChildren(
    cputune,
    ({ name, attributes }) => name === element && attributes.get(attribute) === String(number),
  );
  if (cputune.children.length === 0) removeChildren(definition, "cputune");
}

/** @param cpumap not without any CPU */
export function settingEmulatorPin(cpumap: readonly boolean[]): (definition: Draft) => void {
  return (definition) => {
    const pin = ensurePath(definition, "cputune", "emulatorpin");
    pin.attributes.set("cpuset", cpusetOf(cpumap));
  };
}
