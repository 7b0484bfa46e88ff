/** A mock connection with machines in all states: `test:///lab.xml`, as the page's server would give it. */
import { expect, type Locator, type Page } from "@playwright/test";
import { prefer, row } from "./page.ts";

interface Machine {
  readonly name: string;
  /** `virDomainState`: 1 running, 3 paused, 5 shut off, 6 crashed. */
  readonly state: 1 | 3 | 5 | 6;
  readonly title?: string;
  readonly group?: string;
  readonly tags?: readonly string[];
  readonly isTransient?: boolean;
  readonly isSaved?: boolean;
  /** XML of more devices. */
  readonly devices?: string;
}

const LAB: readonly Machine[] = [
  { name: "web", state: 1, title: "The shop", group: "Shop", tags: ["prod", "http"] },
  { name: "db", state: 1, group: "Shop", tags: ["prod"] },
  { name: "builder", state: 3, tags: ["ci"] },
  { name: "broken", state: 6 },
  { name: "sleepy", state: 5, isSaved: true },
  { name: "live", state: 1, isTransient: true },
  {
    name: "debian",
    state: 5,
    devices: `<disk type='file' device='disk'><source file='/images/shared.img'/><target dev='vdb'/><shareable/></disk>
      <disk type='file' device='cdrom'><target dev='hdc'/><readonly/></disk>
      <disk type='file' device='disk'><source file='/elsewhere'/><target dev='vdc'/></disk>`,
  },
];

function domainXml({ name, title, group, tags, ...more }: Machine): string {
  const labels = [
    ...(group === undefined ? [] : [`<group>${group}</group>`]),
    ...(tags ?? []).map((tag) => `<tag>${tag}</tag>`),
  ];
  const own = `<labels xmlns='https://tabvisor.dev/xmlns/domain/1.0'>${labels.join("")}</labels>`;
  return `<domain type='test' xmlns:t='http://libvirt.org/schemas/domain/test/1.0'>
    <name>${name}</name>${title === undefined ? "" : `<title>${title}</title>`}
    ${labels.length > 0 ? `<metadata>${own}</metadata>` : ""}
    <memory unit='MiB'>512</memory><vcpu>2</vcpu><os><type>hvm</type></os>
    <devices><disk type='file' device='disk'><source file='/images/${name}.img'/><target dev='vda'/></disk>
    ${more.devices ?? ""}</devices>
    <t:runstate>${more.state}</t:runstate>${more.isTransient ? "<t:transient>1</t:transient>" : ""}
    ${more.isSaved ? "<t:hasmanagedsave>1</t:hasmanagedsave>" : ""}</domain>`;
}

function nodeXml(machines: readonly Machine[]): string {
  const volume = (name: string): string =>
    `<volume><name>${name}</name><capacity unit='MiB'>64</capacity></volume>`;
  const volumes = [...machines.map(({ name }) => `${name}.img`), "shared.img"].map(volume);
  return `<node>${machines.map(domainXml).join("")}
    <network><name>default</name><bridge name='virbr0'/></network>
    <pool type='dir'><name>images</name><target><path>/images</path></target>
    ${volumes.join("")}</pool></node>`;
}

/** Many machines, of which all but every fourth run. */
export function manyMachines(count: number): readonly Machine[] {
  return Array.from({ length: count }, (_, at) => ({
    name: `vm${at + 1}`,
    state: at % 4 === 3 ? 5 : 1,
    tags: [at % 2 === 0 ? "even" : "odd"],
  }));
}

/** Opens the manager on machines of one's own. */
export async function openLab(
  page: Page,
  {
    machines = LAB,
    preferences = {},
  }: { machines?: readonly Machine[]; preferences?: object } = {},
): Promise<void> {
  await prefer(page, { ...preferences });
  await page.route(/:\d+\/lab\.xml$/, (route) =>
    route.fulfill({ body: nodeXml(machines), contentType: "text/xml" }),
  );
  await page.goto("/?connect=test:///lab.xml");
  await expect(page.getByRole("treegrid")).toBeVisible({ timeout: 30_000 });
}

/** Names of the machines that are shown, in order. */
export function names(page: Page): Promise<string[]> {
  return page
    .locator("tr[data-uuid]")
    .evaluateAll((rows) => rows.map((each) => each.ariaLabel ?? ""));
}

/** The cell that tells a machine's state. */
export function state(page: Page, name: string): Locator {
  return row(page, name).locator(".tv-cell-state");
}
