/** `<perf>` as parameters: which of the host's performance events are counted. */
import type { ErrorDomain } from "../../../../protocol/vm-error.ts";
import { ensurePath } from "../../../conf/domain/view.ts";
import { param, type TypedParams } from "../../../driver/typed-params.ts";
import { type Draft, draft, removeChildren } from "../../../xml/draft.ts";
import { childElements, find, type XmlElement } from "../../../xml/element.ts";
import { checkParams } from "../flags.ts";

/** `virPerfEventType`, in its order. */
export const PERF_EVENTS: readonly string[] = [
  ...["cmt", "mbmt", "mbml", "cpu_cycles", "instructions", "cache_references", "cache_misses"],
  ...["branch_instructions", "branch_misses", "bus_cycles", "stalled_cycles_frontend"],
  ...["stalled_cycles_backend", "ref_cpu_cycles", "cpu_clock", "task_clock", "page_faults"],
  ...["context_switches", "cpu_migrations", "page_faults_min", "page_faults_maj"],
  ...["alignment_faults", "emulation_faults"],
];

/** @throws VmError argumentUnsupported */
export function checkPerfParams(params: TypedParams, errors: ErrorDomain): void {
  checkParams(params, PERF_EVENTS, errors);
}

export function perfParams(isEnabled: (event: string) => boolean): TypedParams {
  return PERF_EVENTS.map((event) => param.boolean(event, isEnabled(event)));
}

/** The events that a definition enables. */
export function perfEventsOf(definition: XmlElement): ReadonlySet<string> {
  const perf = find(definition, "perf");
  const events = perf ? childElements(perf, "event") : [];
  return new Set(
    events
      .filter(({ attributes }) => attributes.get("enabled") === "yes")
      .map(({ attributes }) => attributes.get("name") ?? ""),
  );
}

export function settingPerf(params: TypedParams): (definition: Draft) => void {
  return (definition) => {
    const perf = ensurePath(definition, "perf");
    for (const { field: name, value } of params) {
      removeChildren(perf, (event) => event.attributes.get("name") === name);
      perf.children.push(draft("event", { name, enabled: value === true ? "yes" : "no" }));
    }
    const rank = (event: Draft["children"][number]): number =>
      event.kind === "element" ? PERF_EVENTS.indexOf(event.attributes.get("name") ?? "") : -1;
    perf.children = perf.children.toSorted((a, b) => rank(a) - rank(b));
  };
}
