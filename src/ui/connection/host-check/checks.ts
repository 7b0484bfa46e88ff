/** The page's `virt-host-validate`: each fact about the host, and what to do about it. */
import type { MessageKey, Translate } from "../../i18n/catalogue.ts";
import { formatBytes } from "../../common/format.ts";
import type { HostEnvironment } from "./environment.ts";

/** `fail`: no machine can run; `warn`: some can, or slower, or less safely. */
export type CheckLevel = "pass" | "warn" | "fail";

export interface HostCheck {
  readonly id: CheckId;
  readonly level: CheckLevel;
  /** What was found, where that is more than yes or no. */
  value(t: Translate): string;
  /** One sentence that says how to fix it; empty where nothing is to be fixed. */
  fix(t: Translate): string;
}

type CheckId = (typeof CHECKS)[number]["id"];

/** What the check asks for: "for cross-origin isolation". */
export function checkText(id: CheckId, t: Translate): string {
  return t(`host.check.${id}`);
}

interface Row {
  readonly id: string;
  /** What it is where it is not there. */
  readonly otherwise: "warn" | "fail";
  readonly fix: MessageKey & (`host.fix.${string}` | `missing.${string}`);
  isGood(host: HostEnvironment): boolean;
  value?(host: HostEnvironment, t: Translate): string;
}

const GIB = 2 ** 30;
/** Guests have up to 3 GiB; the rest is the machine's own. */
const FULL_MEMORY = 4 * GIB;
const SOME_SPACE = 2 * GIB;
const SOME_MEMORY_GIB = 4;

const CHECKS = [
  {
    id: "secure",
    otherwise: "fail",
    fix: "missing.insecureFix",
    isGood: ({ isSecureContext }) => isSecureContext,
  },
  {
    id: "isolation",
    otherwise: "fail",
    fix: "missing.isolationFix",
    isGood: ({ crossOriginIsolated }) => crossOriginIsolated,
  },
  {
    id: "sharedMemory",
    otherwise: "fail",
    fix: "missing.browserFix",
    isGood: ({ sharedArrayBuffer }) => sharedArrayBuffer,
  },
  {
    id: "wasm",
    otherwise: "fail",
    fix: "missing.browserFix",
    isGood: ({ wasm }) => wasm,
  },
  {
    id: "threads",
    otherwise: "fail",
    fix: "missing.browserFix",
    isGood: ({ threads }) => threads,
  },
  { id: "simd", otherwise: "fail", fix: "missing.browserFix", isGood: ({ simd }) => simd },
  {
    id: "bulkMemory",
    otherwise: "fail",
    fix: "missing.browserFix",
    isGood: ({ bulkMemory }) => bulkMemory,
  },
  {
    id: "relaxedSimd",
    otherwise: "warn",
    fix: "host.fix.relaxedSimd",
    isGood: ({ relaxedSimd }) => relaxedSimd,
  },
  {
    id: "memorySize",
    otherwise: "warn",
    fix: "host.fix.memorySize",
    isGood: ({ sharedMemoryBytes }) => sharedMemoryBytes >= FULL_MEMORY,
    value: ({ sharedMemoryBytes }, t) => formatBytes(sharedMemoryBytes, t),
  },
  {
    id: "waitAsync",
    otherwise: "warn",
    fix: "host.fix.waitAsync",
    isGood: ({ waitAsync }) => waitAsync,
  },
  { id: "locks", otherwise: "fail", fix: "missing.browserFix", isGood: ({ locks }) => locks },
  {
    id: "broadcast",
    otherwise: "fail",
    fix: "missing.browserFix",
    isGood: ({ broadcast }) => broadcast,
  },
  {
    id: "privateFiles",
    otherwise: "warn",
    fix: "host.fix.privateFiles",
    isGood: ({ privateFiles }) => privateFiles,
  },
  {
    id: "syncAccess",
    otherwise: "warn",
    fix: "host.fix.syncAccess",
    isGood: ({ syncAccess }) => syncAccess,
  },
  {
    id: "quota",
    otherwise: "warn",
    fix: "host.fix.quota",
    isGood: ({ quota }) => quota !== null && quota.quota - quota.usage >= SOME_SPACE,
    value: ({ quota }, t) =>
      quota === null
        ? t("host.unknown")
        : t("host.left", { left: formatBytes(Math.max(0, quota.quota - quota.usage), t) }),
  },
  {
    id: "persisted",
    otherwise: "warn",
    fix: "host.fix.persisted",
    isGood: ({ persisted }) => persisted === true,
  },
  {
    id: "cores",
    otherwise: "warn",
    fix: "host.fix.cores",
    isGood: ({ cores }) => cores >= 2,
    value: ({ cores }) => String(cores),
  },
  {
    id: "deviceMemory",
    otherwise: "warn",
    fix: "host.fix.deviceMemory",
    // A browser that does not tell is no worse for it.
    isGood: ({ deviceMemoryGib }) => deviceMemoryGib === null || deviceMemoryGib >= SOME_MEMORY_GIB,
    value: ({ deviceMemoryGib }, t) =>
      deviceMemoryGib === null ? t("host.unknown") : formatBytes(deviceMemoryGib * GIB, t),
  },
  { id: "folders", otherwise: "warn", fix: "host.fix.folders", isGood: ({ folders }) => folders },
  {
    id: "serviceWorker",
    otherwise: "warn",
    fix: "host.fix.serviceWorker",
    isGood: ({ serviceWorker }) => serviceWorker,
  },
] as const satisfies readonly Row[];

/** All checks, in the order in which they are told. */
export function hostChecks(host: HostEnvironment): readonly HostCheck[] {
  return CHECKS.map((check) => {
    const row: Row = check;
    const isGood = row.isGood(host);
    return {
      id: check.id,
      level: isGood ? "pass" : row.otherwise,
      value: (t) => row.value?.(host, t) ?? "",
      fix: (t) => (isGood ? "" : t(row.fix as "host.fix.cores")),
    };
  });
}
