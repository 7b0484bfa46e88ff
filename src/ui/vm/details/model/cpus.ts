/** vCPUs, and how they look to the guest. */
import { ensurePath, setVcpus, vcpuCounts } from "../../../../virt/conf/domain/view.ts";
import { type Draft, ensureChild } from "../../../../virt/xml/draft.ts";
import { find, textAt, type XmlElement } from "../../../../virt/xml/element.ts";
import { clear } from "./fields.ts";

export const CPU_MODES = ["host-passthrough", "host-model", "maximum", "custom"] as const;

export type Cpus = {
  readonly max: string;
  readonly current: string;
  /** `yes` where the numbers below are given; they make the maximum then. */
  readonly topology: string;
  readonly sockets: string;
  readonly cores: string;
  readonly threads: string;
  /** Empty is the hypervisor's default. */
  readonly mode: string;
  /** Of the mode `custom`. */
  readonly model: string;
};

export function readCpus(domain: XmlElement): Cpus {
  const { max, current } = vcpuCounts(domain);
  const topology = find(domain, "cpu", "topology")?.attributes;
  const cpu = find(domain, "cpu");
  const model = textAt(domain, "cpu", "model") ?? "";
  return {
    max: String(max),
    current: String(current),
    topology: topology ? "yes" : "",
    sockets: topology?.get("sockets") ?? String(max),
    cores: topology?.get("cores") ?? "1",
    threads: topology?.get("threads") ?? "1",
    mode: cpu?.attributes.get("mode") ?? (model === "" ? "" : "custom"),
    model,
  };
}

/** What a topology comes to; NaN where a part is no whole number. */
export function topologySize({ sockets, cores, threads }: Cpus): number {
  return [sockets, cores, threads].reduce((size, part) => size * wholeNumber(part), 1);
}

/** NaN for what is none from 1. */
export function wholeNumber(text: string): number {
  return /^[1-9]\d{0,8}$/.test(text.trim()) ? Number(text) : Number.NaN;
}

export function writeCpus(domain: Draft, change: Partial<Cpus>, values: Cpus): void {
  if (change.max !== undefined || change.current !== undefined) {
    ensureChild(domain, "vcpu");
    setVcpus(domain, Number(values.max), Number(values.current));
  }
  writeTopology(domain, change, values);
  if (change.mode !== undefined || change.model !== undefined) writeModel(domain, values);
}

function writeTopology(domain: Draft, change: Partial<Cpus>, values: Cpus): void {
  if (values.topology === "") {
    if (change.topology === undefined) return;
    const topology = find(domain, "cpu", "topology");
    for (const name of topology?.attributes.keys() ?? []) clear(domain, ["cpu", "topology"], name);
    return;
  }
  const parts = ["topology", "sockets", "cores", "threads"] as const;
  if (parts.every((part) => change[part] === undefined)) return;
  const { attributes } = ensurePath(domain, "cpu", "topology");
  for (const part of ["sockets", "cores", "threads"] as const) attributes.set(part, values[part]);
}

/** Another mode is another CPU: what was said of the old one does not hold of it. */
function writeModel(domain: Draft, { mode, model }: Cpus): void {
  for (const name of ["match", "check", "mode"]) clear(domain, ["cpu"], name);
  clear(domain, ["cpu", "model"], "fallback");
  clear(domain, ["cpu", "model"], undefined);
  if (mode === "") return;
  ensurePath(domain, "cpu").attributes.set("mode", mode);
  if (mode !== "custom") return;
  ensurePath(domain, "cpu", "model").children = [{ kind: "text", text: model }];
}
