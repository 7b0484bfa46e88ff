/** `<cpu>`: what libvirt writes where the definition says less. */
import {
  childAt,
  childrenOf,
  defaultAttribute,
  type Draft,
  removeChildren,
} from "../../../xml/draft.ts";

/** How a mode is checked when the domain starts: an emulated CPU has whatever it is told to have. */
const CHECKS: Readonly<Record<string, string>> = {
  custom: "none",
  maximum: "none",
  "host-passthrough": "none",
  "host-model": "partial",
};

/** riscv64 guests get no CPU element of themselves. */
export function fillCpu(domain: Draft): void {
  const cpu = childAt(domain, "cpu");
  if (!cpu) return;
  if (cpu.attributes.size === 0 && childrenOf(cpu).length === 0) {
    return removeChildren(domain, "cpu");
  }
  const model = childAt(cpu, "model");
  const mode = cpu.attributes.get("mode");
  const check = mode === undefined || (mode === "custom" && !model) ? undefined : CHECKS[mode];
  if (check !== undefined) defaultAttribute(cpu, "check", check);
}
