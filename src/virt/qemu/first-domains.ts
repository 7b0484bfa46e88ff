import type { DomainDefinition } from "../domain.ts";

/** What a visitor finds: one click from a booting Linux. */
export const FIRST_DOMAINS: readonly DomainDefinition[] = [
  {
    uuid: "0b6c1d1e-7a3f-4c55-9d0e-5f1c7a2b9e10",
    name: "Debian shell",
    memoryBytes: 256 * 2 ** 20,
    vcpus: 1,
    boot: { kind: "guest", guest: "shell", commandLine: { kind: "fast" } },
  },
];
