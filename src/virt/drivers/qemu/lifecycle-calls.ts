/** Looking domains up, defining, starting and ending them. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { parseQemuDomain } from "../../conf/domain/qemu/canonical.ts";
import { domainName, domainUuid, editDomain } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import {
  DomainCreateFlags,
  DomainDefineFlags,
  DomainDestroyFlags,
  DomainEventDefinedDetailType as Defined,
  DomainEventStoppedDetailType as Stopped,
  DomainEventType as Type,
  DomainEventUndefinedDetailType as Undefined,
  DomainShutoffReason,
  DomainState,
  DomainUndefineFlags,
} from "../../driver/domain-flags.ts";
import type { DomainRef } from "../../driver/refs.ts";
import { childAt, setText } from "../../xml/draft.ts";
import type { XmlElement } from "../../xml/element.ts";
import { checkFlags } from "../objects/flags.ts";
import { copyVariables, removeVariables } from "./efi-variables.ts";
import { variablesOf } from "./firmware.ts";
import { type DomainObject, isListed } from "../objects/domain-objects.ts";
import { type QemuState, QEMU } from "./qemu-state.ts";
import type { Run } from "./run.ts";
import { startDomain, stopDomain } from "./running.ts";
import { demand } from "./verbs.ts";

type Lookups = Pick<
  DomainCalls,
  "connectListAllDomains" | "domainLookupByID" | "domainLookupByUUID" | "domainLookupByName"
>;

type Calls = Lookups &
  Pick<
    DomainCalls,
    | "domainCreateXML"
    | "domainDefineXMLFlags"
    | "domainUndefineFlags"
    | "domainCreateWithFlags"
    | "domainSuspend"
    | "domainResume"
    | "domainReset"
    | "domainDestroyFlags"
    | "domainRename"
  >;

const START_FLAGS =
  DomainCreateFlags.startPaused |
  DomainCreateFlags.startBypassCache |
  DomainCreateFlags.startForceBoot |
  DomainCreateFlags.startAutodestroy |
  DomainCreateFlags.startResetNvram |
  DomainCreateFlags.startValidate;

/** @param own takes the runs that end with the connection */
export function lifecycleCalls(state: QemuState, own: Set<Run>): Calls {
  const { domains } = state;
  /** Runs one verb on a domain, after those that were asked for before. */
  const verb = <T>(ref: DomainRef, act: (domain: DomainObject) => Promise<T>): Promise<T> =>
    state.job(ref.uuid, () => act(domains.get(ref)));
  return {
    ...lookups(state),
    domainCreateXML: (xml, flags) => createXml(state, own, xml, flags),
    domainDefineXMLFlags: (xml, flags) => defineDomain(state, xml, flags),
    domainUndefineFlags: (ref, flags) => verb(ref, (domain) => undefine(state, domain, flags)),
    domainCreateWithFlags: (ref, flags) =>
      verb(ref, async (domain) => {
        checkFlags(flags, START_FLAGS, "qemuDomainCreateWithFlags", QEMU.domain);
        demand("create", domain);
        await start(state, own, domain, flags);
        return domain.ref;
      }),
    domainSuspend: (ref) =>
      verb(ref, async (domain) => {
        demand("suspend", domain);
        if (domain.state === DomainState.running) await runOf(state, domain).machine.pause();
      }),
    domainResume: (ref) => verb(ref, (domain) => resume(state, domain)),
    domainReset: (ref, flags) =>
      verb(ref, async (domain) => {
        checkFlags(flags, 0, "qemuDomainReset", QEMU.domain);
        demand("reset", domain);
        await runOf(state, domain).machine.reset();
        state.monitorEvent(domain, "RESET", { guest: false, reason: "host-qmp-system-reset" });
        state.domainEvent(domain, { kind: "reboot" });
      }),
    domainDestroyFlags: (ref, flags) => destroy(state, ref, flags),
    domainRename: (ref, name, flags) => verb(ref, (domain) => rename(state, domain, name, flags)),
  };
}

function lookups({ domains }: QemuState): Lookups {
  const found = (domain: DomainObject | undefined, what: string): DomainRef => {
    if (!domain) throw vmError("noDomain", what, QEMU);
    return domain.ref;
  };
  return {
    connectListAllDomains: async (flags) =>
      domains
        .all()
        .filter((each) => isListed(each, flags))
        .map(({ ref }) => ref),
    domainLookupByID: async (id) => found(domains.byId(id), `no domain with matching id ${id}`),
    domainLookupByUUID: async (uuid) =>
      found(domains.byUuid(uuid), `no domain with matching uuid '${uuid}'`),
    domainLookupByName: async (name) =>
      found(domains.byName(name), `no domain with matching name '${name}'`),
  };
}

/** @throws VmError operationInvalid where the domain has no machine */
export function runOf(state: QemuState, { uuid }: DomainObject): Run {
  const run = state.runs.get(uuid);
  if (!run) throw vmError("operationInvalid", "domain is not running");
  return run;
}

/** A new definition, with the driver's defaults. @throws VmError in libvirt's words */
function parsed(state: QemuState, xml: string, validate: boolean): XmlElement {
  return parseQemuDomain(xml, state.context, { inactive: true, newDomain: true, validate });
}

async function start(
  state: QemuState,
  own: Set<Run>,
  domain: DomainObject,
  flags: number,
): Promise<void> {
  const has = (flag: keyof typeof DomainCreateFlags): boolean =>
    (flags & DomainCreateFlags[flag]) !== 0;
  const { images, host } = state.ports;
  const variables = variablesOf(domain.definition, host);
  if (has("startResetNvram") && variables !== undefined) await images.remove(variables);
  await startDomain(state, domain, has("startPaused"));
  if (has("startAutodestroy")) own.add(runOf(state, domain));
}

/** Ends the runs that were to end with the connection. */
export async function endOwnRuns(state: QemuState, own: ReadonlySet<Run>): Promise<void> {
  for (const domain of state.domains.all()) {
    const run = state.runs.get(domain.uuid);
    if (!run || !own.has(run)) continue;
    await stopDomain(state, domain, DomainShutoffReason.destroyed);
    state.lifecycle(domain, Type.stopped, Stopped.destroyed);
  }
}

async function createXml(
  state: QemuState,
  own: Set<Run>,
  xml: string,
  flags: number,
): Promise<DomainRef> {
  checkFlags(flags, START_FLAGS, "qemuDomainCreateXML", QEMU.domain);
  const definition = parsed(state, xml, (flags & DomainCreateFlags.startValidate) !== 0);
  return state.job(domainUuid(definition), async () => {
    const domain = state.domains.add(definition, { live: true });
    await start(state, own, domain, flags);
    return domain.ref;
  });
}

async function defineDomain(state: QemuState, xml: string, flags: number): Promise<DomainRef> {
  checkFlags(flags, DomainDefineFlags.validate, "qemuDomainDefineXMLFlags", QEMU.domain);
  const definition = parsed(state, xml, (flags & DomainDefineFlags.validate) !== 0);
  return state.job(domainUuid(definition), async () => {
    const { domains } = state;
    const old = domains.byUuid(domainUuid(definition));
    const before = old?.config ?? null;
    const domain = domains.add(definition);
    try {
      await state.domainFiles.save(domainName(definition), definition);
    } catch (error) {
      if (old) old.config = before;
      else domains.remove(domain);
      throw error;
    }
    state.lifecycle(domain, Type.defined, before ? Defined.updated : Defined.added);
    return domain.ref;
  });
}

const UNDEFINE_FLAGS = Object.values(DomainUndefineFlags).reduce((sum, bit) => sum | bit, 0);

async function undefine(state: QemuState, domain: DomainObject, flags: number): Promise<void> {
  checkFlags(flags, UNDEFINE_FLAGS, "qemuDomainUndefineFlags", QEMU.domain);
  demand("undefine", domain);
  if (!domain.isPersistent) {
    throw vmError("operationInvalid", "cannot undefine transient domain");
  }
  await removeVariables(state, domain, flags);
  await state.domainFiles.remove(domain.name);
  domain.autostart = false;
  state.lifecycle(domain, Type.undefined, Undefined.removed);
  if (domain.isActive) domain.config = null;
  else state.domains.remove(domain);
}

async function resume(state: QemuState, domain: DomainObject): Promise<void> {
  demand("resume", domain);
  const run = runOf(state, domain);
  await run.machine.resume();
  if (!run.buttonPressed) return;
  run.buttonPressed = false;
  await run.machine.shutdown();
}

/** Does not wait for other verbs: it ends what they wait for. */
async function destroy(state: QemuState, ref: DomainRef, flags: number): Promise<void> {
  const known = DomainDestroyFlags.graceful | DomainDestroyFlags.removeLogs;
  checkFlags(flags, known, "qemuDomainDestroyFlags", QEMU.domain);
  const domain = state.domains.get(ref);
  demand("destroy", domain);
  await stopDomain(state, domain, DomainShutoffReason.destroyed);
  state.lifecycle(domain, Type.stopped, Stopped.destroyed);
}

async function rename(
  state: QemuState,
  domain: DomainObject,
  name: string,
  flags: number,
): Promise<DomainRef> {
  checkFlags(flags, 0, "qemuDomainRename", QEMU.domain);
  demand("rename", domain);
  const { config, name: old } = domain;
  if (!config) throw vmError("operationInvalid", "cannot rename a transient domain");
  if (name.includes("/")) {
    throw vmError("xmlError", `name ${name} cannot contain '/'`, { domain: ErrorDomain.domain });
  }
  if (old === name) throw vmError("operationInvalid", "Can't rename domain to itself");
  if (state.domains.byName(name)) {
    throw vmError("operationInvalid", `domain with name '${name}' already exists`);
  }
  const definition = renamed(config, name);
  // The name is taken at once: others may define domains at the same time.
  domain.config = definition;
  try {
    const removeOld = await copyVariables(state, config, definition);
    await state.domainFiles.rename(old, name, definition, domain.autostart);
    await removeOld();
  } finally {
    domain.config = config;
  }
  state.lifecycle(domain, Type.undefined, Undefined.renamed);
  domain.config = definition;
  state.lifecycle(domain, Type.defined, Defined.renamed);
  return domain.ref;
}

/** The definition under another name. */
export function renamed(definition: XmlElement, name: string): XmlElement {
  return editDomain(definition, (draft) => {
    const element = childAt(draft, "name");
    if (element) setText(element, name);
  });
}
