/** `<cpu>`: what libvirt writes of any domain where the definition says less. */
import { childAt, defaultAttribute, type Draft } from "../../xml/draft.ts";

/** A model is one that is to be had exactly, or one much like it. */
export function fillCpuModel(domain: Draft): void {
  const cpu = childAt(domain, "cpu");
  if (!cpu) return;
  const topology = childAt(cpu, "topology");
  if (topology) defaultAttribute(topology, "dies", "1");
  const model = childAt(cpu, "model");
  if (!model) return;
  defaultAttribute(cpu, "mode", "custom");
  if (cpu.attributes.get("mode") === "custom") defaultAttribute(cpu, "match", "exact");
  defaultAttribute(model, "fallback", "allow");
}
