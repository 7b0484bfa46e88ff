/** What the overview counts. */
import { currentMemoryKib, vcpuCounts } from "../../../virt/conf/domain/view.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";

/** `QEMU 9.2.1` of 9,002,001. */
export function versionText(type: string, version: number): string {
  const parts = [
    Math.floor(version / 1_000_000),
    Math.floor(version / 1000) % 1000,
    version % 1000,
  ];
  return `${type} ${parts.join(".")}`;
}

export interface Running {
  readonly count: number;
  readonly vcpus: number;
  readonly memoryKib: number;
}

/** The machines that are active, and what they have of the host. */
export function runningOf(domains: readonly ManagedDomain[]): Running {
  const live = domains.flatMap((domain) => domain.live ?? []);
  return {
    count: live.length,
    vcpus: live.reduce((sum, domain) => sum + vcpuCounts(domain).current, 0),
    memoryKib: live.reduce((sum, domain) => sum + currentMemoryKib(domain), 0),
  };
}
