/** Why a name cannot be a machine's, as libvirt would refuse it. */
import type { ManagedDomain } from "../../virt/manager/objects.ts";

export type NameProblem = "empty" | "slash" | "lineBreak" | "taken";

/** @param others all other domains. @returns null for a name that will do */
export function nameProblem(
  name: string,
  others: readonly Pick<ManagedDomain, "name">[],
): NameProblem | null {
  if (name.trim() === "") return "empty";
  if (name.includes("/")) return "slash";
  if (/[\r\n]/.test(name)) return "lineBreak";
  return others.some((each) => each.name === name) ? "taken" : null;
}
