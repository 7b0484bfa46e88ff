/** What can be chosen, out of a driver's domain capabilities. */
import { childElements, find, textOf, type XmlElement } from "../../../../virt/xml/element.ts";

export interface DomainChoices {
  /** Null where the driver does not say. */
  readonly maxVcpus: number | null;
  readonly diskBuses: readonly string[] | null;
  readonly cpuModes: readonly string[] | null;
  readonly rngBackends: readonly string[] | null;
}

export const NO_CHOICES: DomainChoices = {
  maxVcpus: null,
  diskBuses: null,
  cpuModes: null,
  rngBackends: null,
};

export function readChoices(capabilities: XmlElement): DomainChoices {
  const max = Number(find(capabilities, "vcpu")?.attributes.get("max") ?? Number.NaN);
  const cpu = find(capabilities, "cpu");
  return {
    maxVcpus: Number.isNaN(max) ? null : max,
    diskBuses: enumOf(capabilities, "disk", "bus"),
    cpuModes: cpu
      ? childElements(cpu, "mode")
          .filter(({ attributes }) => attributes.get("supported") === "yes")
          .map(({ attributes }) => attributes.get("name") ?? "")
      : null,
    rngBackends: enumOf(capabilities, "rng", "backendModel"),
  };
}

function enumOf(capabilities: XmlElement, device: string, name: string): string[] | null {
  const element = find(capabilities, "devices", device);
  const list = (element ? childElements(element, "enum") : []).find(
    ({ attributes }) => attributes.get("name") === name,
  );
  return list ? childElements(list, "value").map(textOf) : null;
}
