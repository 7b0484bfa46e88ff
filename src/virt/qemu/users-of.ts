import type { Domain } from "../domain.ts";

/** Names of the domains that are active, or about to be, and have a disk at this path. */
export function usersOf(path: string, domains: readonly Domain[]): readonly string[] {
  return domains
    .filter(({ state, job }) => state === "running" || state === "paused" || job === "create")
    .filter(({ definition }) => (definition.disks ?? []).some(({ source }) => source === path))
    .map(({ definition }) => definition.name);
}
