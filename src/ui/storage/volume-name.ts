import type { StoragePool } from "../../virt/storage/pool.ts";

/** The message for a name that a new volume of the pool cannot have; null for a good one. */
export function nameProblem(
  name: string,
  { volumes }: Pick<StoragePool, "volumes">,
): "volume.problem.name" | "volume.problem.taken" | null {
  if (name.trim() === "" || name.includes("/") || name === "." || name === "..")
    return "volume.problem.name";
  return volumes.some((volume) => volume.name === name) ? "volume.problem.taken" : null;
}
