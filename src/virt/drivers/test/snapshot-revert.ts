/** Going back to a snapshot. */
import { vmError } from "../../../protocol/vm-error.ts";
import {
  DomainEventStartedDetailType as Started,
  DomainEventStoppedDetailType as Stopped,
  DomainEventSuspendedDetailType as Suspended,
  DomainEventType as Type,
  DomainPausedReason,
  DomainRunningReason,
  DomainShutoffReason,
  DomainState,
} from "../../driver/domain-flags.ts";
import { DomainSnapshotRevertFlags as Revert } from "../../driver/snapshot-flags.ts";
import { find, textAt, type XmlElement } from "../../xml/element.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import type { Moment } from "../objects/moment-tree.ts";
import { startDomain } from "./lifecycle-calls.ts";
import { TEST, type TestState } from "./state.ts";

/** Gives the domain the snapshot's definition and state, which is the current one then. */
export function revertTo(
  state: TestState,
  domain: DomainObject,
  snapshot: Moment,
  flags: number,
): void {
  const was = textAt(snapshot.definition, "state");
  const isOnline = was === "running" || was === "paused";
  const asked = (flags & (Revert.running | Revert.paused)) !== 0;
  if (!domain.isPersistent && !isOnline && !asked) {
    throw vmError(
      "operationInvalid",
      "transient domain needs to request run or pause to revert to inactive snapshot",
      TEST,
    );
  }
  const definition = find(snapshot.definition, "domain");
  if (definition?.attributes.has("type") !== true) {
    throw vmError(
      "snapshotRevertRisky",
      `snapshot '${snapshot.name}' lacks domain '${domain.name}' rollback info`,
      TEST,
    );
  }
  if (domain.isActive) {
    end(domain);
    state.lifecycle(domain, Type.stopped, Stopped.fromSnapshot);
  }
  assign(domain, definition);
  if (isOnline) resumeAt(state, domain, was === "paused", flags);
  else if (asked) tellStart(state, domain, flags);
  domain.snapshots.current = snapshot.name;
}

/** Makes the domain inactive, and keeps it though it be transient. */
function end(domain: DomainObject): void {
  domain.id = -1;
  domain.setState(DomainState.shutoff, DomainShutoffReason.fromSnapshot);
}

function assign(domain: DomainObject, definition: XmlElement): void {
  domain.live = domain.isPersistent ? null : definition;
  if (domain.isPersistent) domain.config = definition;
}

function resumeAt(state: TestState, domain: DomainObject, wasPaused: boolean, flags: number): void {
  startDomain(state, domain, DomainRunningReason.fromSnapshot);
  state.lifecycle(domain, Type.started, Started.fromSnapshot);
  const pause = wasPaused || (flags & Revert.paused) !== 0;
  if (!pause || (flags & Revert.running) !== 0) return;
  domain.setState(DomainState.paused, DomainPausedReason.fromSnapshot);
  state.lifecycle(domain, Type.suspended, Suspended.fromSnapshot);
}

/** libvirt's test driver tells that such a domain has started, and leaves it as it is. */
function tellStart(state: TestState, domain: DomainObject, flags: number): void {
  state.lifecycle(domain, Type.started, Started.fromSnapshot);
  if ((flags & Revert.paused) !== 0) {
    state.lifecycle(domain, Type.suspended, Suspended.fromSnapshot);
  }
}
