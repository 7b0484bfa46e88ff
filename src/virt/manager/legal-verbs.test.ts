import { describe, expect, it } from "vitest";
import { ErrorCode, VmError } from "../../protocol/vm-error.ts";
import { utf8Bytes } from "../../util/bytes.ts";
import { type Connect, openConnect } from "../driver/connect.ts";
import { DomainState as State } from "../driver/domain-flags.ts";
import type { DomainRef } from "../driver/refs.ts";
import { openQemuHost } from "../drivers/qemu/driver.ts";
import { FakePorts } from "../drivers/qemu/testing/fake-ports.ts";
import { QEMU_VERBS, refusal, stateOf } from "../drivers/qemu/verbs.ts";
import { testDriver } from "../drivers/test/driver.ts";
import { fakePorts } from "../drivers/test/fake-ports.ts";
import { isLegal, LEGAL_VERBS, type Verb } from "./legal-verbs.ts";
import { lookAtDomain } from "./look.ts";

/** One call for each verb; a clone is made by others, of several calls. */
const ACTS: Readonly<
  Record<Exclude<Verb, "clone">, (c: Connect, domain: DomainRef) => Promise<unknown>>
> = {
  create: (c, domain) => c.domainCreateWithFlags(domain, 0),
  suspend: (c, domain) => c.domainSuspend(domain),
  resume: (c, domain) => c.domainResume(domain),
  shutdown: (c, domain) => c.domainShutdownFlags(domain, 0),
  reboot: (c, domain) => c.domainReboot(domain, 0),
  reset: (c, domain) => c.domainReset(domain, 0),
  destroy: (c, domain) => c.domainDestroyFlags(domain, 0),
  managedSave: (c, domain) => c.domainManagedSave(domain, 0),
  managedSaveRemove: (c, domain) => c.domainManagedSaveRemove(domain, 0),
  undefine: (c, domain) => c.domainUndefineFlags(domain, 1),
  rename: (c, domain) => c.domainRename(domain, "other", 0),
  setAutostart: (c, domain) => c.domainSetAutostart(domain, true),
};

interface Case {
  readonly state: number;
  readonly transient: boolean;
  readonly saved: boolean;
}

const CASES: readonly Case[] = [
  ...Object.values(State)
    .filter((state) => state !== State.nostate)
    .map((state) => ({ state, transient: false, saved: false })),
  { state: State.running, transient: true, saved: false },
  { state: State.paused, transient: true, saved: false },
  { state: State.shutoff, transient: false, saved: true },
];

const named = ({ state, transient, saved }: Case): string => {
  const name = Object.entries(State).find(([, number]) => number === state)?.[0] ?? "";
  return `${transient ? "a transient domain that is " : ""}${name}${saved ? " with a saved state" : ""}`;
};

async function onlyDomain(connect: Connect): Promise<DomainRef> {
  const [domain] = await connect.connectListAllDomains(0);
  if (!domain) throw new Error("there is no domain");
  return domain;
}

/** libvirt's mock can begin in any state. */
async function mock({ state, transient, saved }: Case): Promise<Connect> {
  const node = `<node><domain type='test' xmlns:t='http://libvirt.org/schemas/domain/test/1.0'>
    <name>a</name><memory>1024</memory><os><type>hvm</type></os><t:runstate>${state}</t:runstate>
    ${transient ? "<t:transient>1</t:transient>" : ""}
    ${saved ? "<t:hasmanagedsave>1</t:hasmanagedsave>" : ""}</domain></node>`;
  const driver = testDriver({ ...fakePorts(), readFile: async () => utf8Bytes(node) });
  return openConnect("test:///node.xml", [driver]);
}

/** What the mock grants where a driver of machines refuses: libvirt's own mock does, too. */
const MOCK_GRANTS: Partial<Record<Verb, (situation: Case) => boolean>> = {
  suspend: ({ state }) => state !== State.paused && state !== State.shutoff,
  shutdown: ({ state }) => state !== State.shutoff,
  reboot: ({ state }) => state !== State.shutoff,
  reset: ({ state }) => state !== State.shutoff,
  managedSave: ({ state, transient }) => state !== State.shutoff && !transient,
  undefine: ({ transient }) => transient,
  setAutostart: ({ transient }) => transient,
};

/** States that our machines get into. */
const OF_MACHINES: readonly number[] = [State.running, State.paused, State.shutoff, State.crashed];

async function machine({ state, transient }: Case): Promise<Connect> {
  const ports = new FakePorts();
  const host = await openQemuHost(ports, () => {});
  const connection = host.connection();
  const connect = await openConnect("qemu:///system", [
    { scheme: "qemu", open: async () => connection },
  ]);
  const xml = `<domain type='qemu'><name>a</name><memory unit='MiB'>128</memory>
    <os><type arch='riscv64' machine='virt'>hvm</type></os><on_crash>preserve</on_crash></domain>`;
  const paused = state === State.paused ? 1 : 0;
  if (transient) await connect.domainCreateXML(xml, paused);
  else {
    const domain = await connect.domainDefineXMLFlags(xml, 0);
    if (state !== State.shutoff) await connect.domainCreateWithFlags(domain, paused);
  }
  if (state === State.crashed) ports.machines[0]?.tell({ state: "crashed", reason: "crashed" });
  return connect;
}

/** What a call did: refused, nothing, or something. */
async function outcome(connect: Connect, verb: Exclude<Verb, "clone">): Promise<string> {
  const domain = await onlyDomain(connect);
  const before = await lookAtDomain(connect, domain.uuid);
  try {
    await ACTS[verb](connect, domain);
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    return error.code === ErrorCode.noSupport ? "not supported" : "refused";
  }
  const after = await lookAtDomain(connect, domain.uuid).catch(() => null);
  return JSON.stringify(before) === JSON.stringify(after) ? "granted without a change" : "granted";
}

const REFUSED = /^refused|without a change|^not supported/;

const VERBS = Object.keys(ACTS) as (keyof typeof ACTS)[];

describe("verbs that are legal are granted, all others refused or without effect", () => {
  for (const situation of CASES) {
    const { state, transient, saved } = situation;
    const domain = { state, isPersistent: !transient, hasManagedSave: saved };
    it.each(VERBS)(`by the mock: %s of ${named(situation)}`, async (verb) => {
      const done = await outcome(await mock(situation), verb);
      const lax = MOCK_GRANTS[verb]?.(situation) === true;
      expect(done).toMatch(isLegal(verb, domain) || lax ? /^granted/ : REFUSED);
    });

    if (saved || !OF_MACHINES.includes(state)) continue;
    it.each(VERBS)(`by machines: %s of ${named(situation)}`, async (verb) => {
      const done = await outcome(await machine(situation), verb);
      expect(done).toMatch(isLegal(verb, domain) ? /^granted|^not supported/ : REFUSED);
    });
  }
});

describe("the table", () => {
  it("is no narrower than that of machines, but for what would change nothing", () => {
    const narrower = [];
    for (const verb of Object.keys(QEMU_VERBS) as (keyof typeof QEMU_VERBS)[]) {
      if (!(verb in LEGAL_VERBS)) continue;
      for (const state of OF_MACHINES) {
        const domain = { state, isPersistent: true, hasManagedSave: false };
        const granted = refusal(verb, stateOf({ state })) === null;
        if (granted !== isLegal(verb as Verb, domain)) narrower.push(`${verb} ${state}`);
      }
    }
    expect(narrower).toEqual([`suspend ${State.paused}`]);
  });

  it("lets virt-clone copy what is shut off", () => {
    const domain = { isPersistent: true, hasManagedSave: false };
    expect(isLegal("clone", { ...domain, state: State.shutoff })).toBe(true);
    expect(isLegal("clone", { ...domain, state: State.paused })).toBe(false);
  });
});
