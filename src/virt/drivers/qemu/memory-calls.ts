/** Memory of a domain: how much it may have, how much it has, and what its guest says of it. */
import { vmError } from "../../../protocol/vm-error.ts";
import { currentMemoryKib, ensurePath, maxMemoryKib } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { DomainMemoryModFlags } from "../../driver/domain-flags.ts";
import type { DomainRef } from "../../driver/refs.ts";
import { childrenOf, type Draft, removeChildren, setText } from "../../xml/draft.ts";
import type { XmlElement } from "../../xml/element.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { checkFlags, scopeOf } from "../objects/flags.ts";
import { balloonOf } from "./balloon.ts";
import { editConfig, editDefinitions } from "./config-calls.ts";
import { runOf } from "./lifecycle-calls.ts";
import { memoryStats } from "./memory-stats.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";
import { demand } from "./verbs.ts";

type Calls = Pick<
  DomainCalls,
  "domainSetMaxMemory" | "domainSetMemoryFlags" | "domainSetMemoryStatsPeriod" | "domainMemoryStats"
>;

const IMPACT = 3;
const { maximum: MAXIMUM } = DomainMemoryModFlags;

export function memoryCalls(state: QemuState): Calls {
  const { domains } = state;
  const change = (ref: DomainRef, work: (domain: DomainObject) => Promise<void>): Promise<void> =>
    state.job(ref.uuid, () => work(domains.get(ref)));
  return {
    domainSetMaxMemory: (ref, memoryKib) =>
      change(ref, async (domain) => {
        demand("setMaxMemory", domain);
        await setMaxMemory(state, domain, memoryKib);
      }),
    domainSetMemoryFlags: (ref, memoryKib, flags) =>
      change(ref, (domain) => setMemory(state, domain, memoryKib, flags)),
    domainSetMemoryStatsPeriod: (ref, periodS, flags) =>
      change(ref, (domain) => setStatsPeriod(state, domain, periodS, flags)),
    domainMemoryStats: async (ref, flags) => {
      checkFlags(flags, 0, "qemuDomainMemoryStats", QEMU.domain);
      const domain = domains.get(ref);
      demand("memoryStats", domain);
      const { machine } = runOf(state, domain);
      const { residentBytes } = await machine.stats();
      const balloon = balloonOf(domain.definition) ? await machine.balloon() : null;
      return memoryStats(balloon, residentBytes).map(({ tag, value }) => ({ tag, value }));
    },
  };
}

async function setMaxMemory(
  state: QemuState,
  domain: DomainObject,
  memoryKib: number,
): Promise<void> {
  const current = domain.config ? currentMemoryKib(domain.config) : 0;
  await editConfig(state, domain, (draft) => {
    setText(ensurePath(draft, "memory"), memoryKib);
    if (current > memoryKib) setText(ensurePath(draft, "currentMemory"), memoryKib);
  });
}

async function setMemory(
  state: QemuState,
  domain: DomainObject,
  memoryKib: number,
  flags: number,
): Promise<void> {
  checkFlags(flags, IMPACT | MAXIMUM, "qemuDomainSetMemoryFlags", QEMU.domain);
  const scope = scopeOf(domain, flags & IMPACT, QEMU.domain);
  if ((flags & MAXIMUM) !== 0) {
    if (scope.live) demand("setMaxMemory", domain);
    return setMaxMemory(state, domain, memoryKib);
  }
  const changed = [scope.live && domain.live, scope.config && domain.config];
  const most = changed.map((each) => (each ? maxMemoryKib(each) : Infinity));
  if (memoryKib > Math.min(...most)) {
    throw vmError("invalidArg", "cannot set memory higher than max memory", QEMU);
  }
  if (scope.live) await setTarget(state, domain, memoryKib);
  if (!scope.config) return;
  await editConfig(state, domain, (draft) =>
    setText(ensurePath(draft, "currentMemory"), memoryKib),
  );
}

/** The live definition changes when the guest has obeyed. */
async function setTarget(state: QemuState, domain: DomainObject, memoryKib: number): Promise<void> {
  if (!balloonOf(domain.definition)) {
    throw vmError(
      "operationInvalid",
      "Unable to change memory of active domain without the balloon device and guest OS balloon driver",
    );
  }
  await runOf(state, domain).setMemoryTarget(memoryKib * 1024);
}

async function setStatsPeriod(
  state: QemuState,
  domain: DomainObject,
  periodS: number,
  flags: number,
): Promise<void> {
  checkFlags(flags, IMPACT, "qemuDomainSetMemoryStatsPeriod", QEMU.domain);
  const scope = scopeOf(domain, flags & IMPACT, QEMU.domain);
  if (scope.live) {
    demandBalloon(domain.live);
    await runOf(state, domain).machine.setBalloonPolling(periodS);
  }
  if (scope.config) demandBalloon(domain.config);
  const edit = (draft: Draft): void => writePeriod(draft, periodS);
  await editDefinitions(state, domain, {
    live: scope.live ? edit : null,
    config: scope.config ? edit : null,
  });
}

/** @throws VmError internalError */
function demandBalloon(definition: XmlElement | null): void {
  if (definition && balloonOf(definition)) return;
  throw vmError(
    "internalError",
    "No memory balloon device configured, can not set the collection period",
    QEMU,
  );
}

/** A period of 0 is not written. */
function writePeriod(domain: Draft, periodS: number): void {
  for (const balloon of childrenOf(ensurePath(domain, "devices"), "memballoon")) {
    removeChildren(balloon, "stats");
    if (periodS > 0) ensurePath(balloon, "stats").attributes.set("period", String(periodS));
  }
}
