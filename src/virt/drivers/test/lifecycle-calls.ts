/** Looking domains up, defining, starting and ending them. */
import { vmError, wordedVmError } from "../../../protocol/vm-error.ts";
import { parseDomain } from "../../conf/domain/parse.ts";
import { domainName, editDomain, withId } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import {
  DomainDefineFlags,
  DomainCreateFlags,
  DomainEventDefinedDetailType as Defined,
  DomainEventResumedDetailType as Resumed,
  DomainEventStartedDetailType as Started,
  DomainEventStoppedDetailType as Stopped,
  DomainEventSuspendedDetailType as Suspended,
  DomainEventType as Type,
  DomainEventUndefinedDetailType as Undefined,
  DomainPausedReason,
  DomainRunningReason,
  DomainShutoffReason,
  DomainState,
  DomainUndefineFlags,
} from "../../driver/domain-flags.ts";
import type { DomainRef } from "../../driver/refs.ts";
import { childAt, setText } from "../../xml/draft.ts";
import { textAt } from "../../xml/element.ts";
import { type DomainObject, isListed } from "../objects/domain-objects.ts";
import { giveInterfacesNames } from "./interface-names.ts";
import { TEST, type TestState } from "./state.ts";

/** Makes a domain run; what is told is the caller's. */
export function startDomain(state: TestState, domain: DomainObject, reason: number): void {
  if (domain.live === null && domain.config) {
    domain.config = giveInterfacesNames(domain.config);
    domain.live = null;
  } else if (domain.live) domain.live = giveInterfacesNames(domain.live);
  state.domains.activate(domain, DomainState.running, reason);
}

/** Ends a domain; a transient one is gone then. */
export function stopDomain(state: TestState, domain: DomainObject, reason: number): void {
  state.domains.deactivate(domain, DomainState.shutoff, reason);
}

type Calls = Pick<
  DomainCalls,
  | "connectListAllDomains"
  | "domainLookupByID"
  | "domainLookupByUUID"
  | "domainLookupByName"
  | "domainCreateXML"
  | "domainCreateXMLWithFiles"
  | "domainDefineXMLFlags"
  | "domainUndefineFlags"
  | "domainCreateWithFlags"
  | "domainCreateWithFiles"
  | "domainSuspend"
  | "domainResume"
  | "domainShutdownFlags"
  | "domainReboot"
  | "domainReset"
  | "domainDestroyFlags"
  | "domainRename"
>;

export function lifecycleCalls(state: TestState): Calls {
  const { domains } = state;
  return {
    connectListAllDomains: async (flags) =>
      domains
        .all()
        .filter((each) => isListed(each, flags))
        .map(({ ref }) => ref),
    domainLookupByID: async (id) => found(domains.byId(id)).ref,
    domainLookupByUUID: async (uuid) => found(domains.byUuid(uuid)).ref,
    domainLookupByName: async (name) => found(domains.byName(name)).ref,

    domainCreateXML: async (xml, flags) => createXml(state, xml, flags),
    // What the caller's files are for is of no interest to a mock.
    domainCreateXMLWithFiles: async (xml, _files, flags) => createXml(state, xml, flags),
    domainDefineXMLFlags: async (xml, flags) => {
      const validate = (flags & DomainDefineFlags.validate) !== 0;
      const parsed = parseDomain(xml, state.context, { inactive: true, validate });
      const definition = giveInterfacesNames(parsed);
      const isNew = domains.byName(domainName(definition)) === undefined;
      const domain = domains.add(definition);
      state.lifecycle(domain, Type.defined, isNew ? Defined.added : Defined.updated);
      return domain.ref;
    },
    domainUndefineFlags: async (ref, flags) => undefineDomain(state, domains.get(ref), flags),
    domainCreateWithFlags: async (ref) => createDefined(state, domains.get(ref)),
    domainCreateWithFiles: async (ref) => createDefined(state, domains.get(ref)),
    domainSuspend: async (ref) => {
      const domain = domains.get(ref);
      if (domain.state === DomainState.shutoff || domain.state === DomainState.paused) {
        throw vmError("internalError", `domain '${domain.name}' not running`, TEST);
      }
      pause(state, domain);
    },
    domainResume: async (ref) => {
      const domain = domains.get(ref);
      if (domain.state !== DomainState.paused) {
        throw vmError("internalError", `domain '${domain.name}' not paused`, TEST);
      }
      domain.setState(DomainState.running, DomainRunningReason.unpaused);
      state.lifecycle(domain, Type.resumed, Resumed.unpaused);
    },
    domainShutdownFlags: async (ref) => {
      const domain = domains.get(ref);
      if (domain.state === DomainState.shutoff) {
        throw vmError("internalError", `domain '${domain.name}' not running`, TEST);
      }
      act(state, domain, textAt(domain.definition, "on_poweroff") ?? "destroy");
    },
    domainReboot: async (ref) => {
      const domain = domains.active(ref);
      act(state, domain, textAt(domain.definition, "on_reboot") ?? "restart");
    },
    domainReset: async (ref) => {
      domains.active(ref);
    },
    domainDestroyFlags: async (ref) => {
      const domain = domains.active(ref);
      stopDomain(state, domain, DomainShutoffReason.destroyed);
      state.lifecycle(domain, Type.stopped, Stopped.destroyed);
    },
    domainRename: async (ref, name) => renameDomain(state, domains.get(ref), name),
  };
}

function createXml(state: TestState, xml: string, flags: number): DomainRef {
  const validate = (flags & DomainCreateFlags.startValidate) !== 0;
  const definition = parseDomain(xml, state.context, { inactive: true, validate });
  const domain = state.domains.add(definition, { live: true });
  startDomain(state, domain, DomainRunningReason.booted);
  state.lifecycle(domain, Type.started, Started.booted);
  return domain.ref;
}

function createDefined(state: TestState, domain: DomainObject): DomainRef {
  if (domain.isActive) {
    throw vmError("internalError", `Domain '${domain.name}' is already running`, TEST);
  }
  startDomain(state, domain, DomainRunningReason.booted);
  domain.hasManagedSave = false;
  state.lifecycle(domain, Type.started, Started.booted);
  return domain.ref;
}

function found(domain: DomainObject | undefined): DomainObject {
  if (!domain) throw wordedVmError("noDomain", "Domain not found", TEST);
  return domain;
}

function pause(state: TestState, domain: DomainObject): void {
  domain.setState(DomainState.paused, DomainPausedReason.user);
  state.lifecycle(domain, Type.suspended, Suspended.paused);
}

/** Does what `on_poweroff` or `on_reboot` says. */
function act(state: TestState, domain: DomainObject, action: string): void {
  if (action === "restart" || action === "rename-restart") {
    return domain.setState(DomainState.running, DomainRunningReason.booted);
  }
  stopDomain(state, domain, DomainShutoffReason.shutdown);
  state.lifecycle(domain, Type.stopped, Stopped.shutdown);
}

function undefineDomain(state: TestState, domain: DomainObject, flags: number): void {
  if (domain.hasManagedSave && (flags & DomainUndefineFlags.managedSave) === 0) {
    throw vmError(
      "operationInvalid",
      "Refusing to undefine while domain managed save image exists",
      TEST,
    );
  }
  if (!domain.isActive && domain.snapshots.size > 0) {
    if ((flags & DomainUndefineFlags.snapshotsMetadata) === 0) {
      throw vmError(
        "operationInvalid",
        `cannot delete inactive domain with ${domain.snapshots.size} snapshots`,
        TEST,
      );
    }
    domain.snapshots.clear();
  }
  domain.hasManagedSave = false;
  state.lifecycle(domain, Type.undefined, Undefined.removed);
  if (domain.isActive) domain.config = null;
  else state.domains.remove(domain);
}

function renameDomain(state: TestState, domain: DomainObject, name: string): DomainObject["ref"] {
  if (domain.isActive) throw vmError("operationInvalid", "cannot rename active domain", TEST);
  if (!domain.config) throw vmError("operationInvalid", "cannot rename a transient domain", TEST);
  if (domain.name === name) {
    throw vmError("operationInvalid", "Can't rename domain to itself", TEST);
  }
  if (state.domains.byName(name)) {
    throw vmError("operationInvalid", `domain with name '${name}' already exists`, TEST);
  }
  state.lifecycle(domain, Type.undefined, Undefined.renamed);
  domain.config = withId(
    editDomain(domain.config, (draft) => {
      const element = childAt(draft, "name");
      if (element) setText(element, name);
    }),
    -1,
  );
  state.lifecycle(domain, Type.defined, Defined.renamed);
  return domain.ref;
}
