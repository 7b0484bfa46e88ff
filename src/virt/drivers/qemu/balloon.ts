/** The memory balloon of running domains: set up at the start, followed until the end. */
import {
  currentMemoryKib,
  devicesOf,
  editDomain,
  ensurePath,
  maxMemoryKib,
} from "../../conf/domain/view.ts";
import { setText } from "../../xml/draft.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import type { QemuState } from "./qemu-state.ts";
import type { Run } from "./run.ts";

/** The domain's balloon, or undefined where the domain has none. */
export function balloonOf(domain: XmlElement): XmlElement | undefined {
  return devicesOf(domain, "memballoon").find((each) => each.attributes.get("model") !== "none");
}

/** The definition of a domain whose guest has all of its memory: of one that was just started. */
export function withAllMemory(domain: XmlElement): XmlElement {
  return withMemory(domain, maxMemoryKib(domain));
}

function withMemory(domain: XmlElement, kib: number): XmlElement {
  return editDomain(domain, (draft) => setText(ensurePath(draft, "currentMemory"), kib));
}

/** The size that a domain's guest is to have from its start on, in bytes; null without a balloon. */
export function firstTarget(definition: XmlElement): number | null {
  return balloonOf(definition) ? currentMemoryKib(definition) * 1024 : null;
}

/** Asks the machine that was just started for what the domain's definition says, and a change since. */
export async function setUpBalloon(run: Run, definition: XmlElement): Promise<void> {
  const balloon = balloonOf(definition);
  const { memoryTarget } = run;
  if (!balloon || memoryTarget === null) return;
  const period = Number(find(balloon, "stats")?.attributes.get("period") ?? 0);
  try {
    if (period > 0) await run.machine.setBalloonPolling(period);
    // A balloon is empty at first.
    if (memoryTarget < run.machine.config.memoryBytes) await run.machine.setBalloon(memoryTarget);
  } catch {
    // The machine has ended already: whoever follows it tells.
  }
}

/** The guest has another amount of memory. */
export function balloonChanged(state: QemuState, domain: DomainObject, actualBytes: number): void {
  if (!domain.live) return;
  // Machines come in steps of their own, of which a definition's end knows nothing.
  const kib = Math.min(actualBytes / 1024, maxMemoryKib(domain.live));
  domain.live = withMemory(domain.live, kib);
  state.monitorEvent(domain, "BALLOON_CHANGE", { actual: actualBytes });
  state.domainEvent(domain, { kind: "balloon-change", actual: kib });
}
