/** What a running machine has otherwise than it will have at its next start. */
import type { ManagedDomain } from "../../../../virt/manager/objects.ts";
import type { XmlElement } from "../../../../virt/xml/element.ts";
import { readBoot } from "./boot.ts";
import { readCpus } from "./cpus.ts";
import { readDevice } from "./devices.ts";
import { deviceAt, type Page } from "./hardware.ts";
import { readMemory } from "./memory.ts";
import { readOsInfo } from "./os-info.ts";
import { readOverview } from "./overview.ts";

const READERS: Readonly<Record<Page, (domain: XmlElement) => object>> = {
  overview: readOverview,
  os: readOsInfo,
  cpus: readCpus,
  memory: readMemory,
  boot: readBoot,
};

/** Whether a page of the list shows other values than those that hold now. */
export function pageDiffers({ definition, live }: ManagedDomain, page: Page): boolean {
  return live !== null && !isSame(READERS[page](definition), READERS[page](live));
}

/** Whether a device that is in both definitions will be another one. */
export function deviceDiffers({ definition, live }: ManagedDomain, id: string): boolean {
  const next = deviceAt(definition, id);
  const now = live && deviceAt(live, id);
  return next !== undefined && now ? !isSame(readDevice(next), readDevice(now)) : false;
}

function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
