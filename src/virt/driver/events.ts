/** libvirt's events: what drivers tell and callers ask for. */
import type { DomainRef, NetworkRef, NodeDeviceRef, SecretRef, StoragePoolRef } from "./refs.ts";
import type { TypedParams } from "./typed-params.ts";

/** What happened to a domain, by the names that `virsh event --list` shows. */
export type DomainEvent =
  /** `event` is a `virDomainEventType`, `detail` that event's detail number. */
  | { readonly kind: "lifecycle"; readonly event: number; readonly detail: number }
  | { readonly kind: "reboot" }
  /** Seconds that the guest's clock moved by. */
  | { readonly kind: "rtc-change"; readonly utcOffset: bigint }
  | { readonly kind: "watchdog"; readonly action: number }
  /** `action`: 0 none, 1 pause, 2 report. */
  | {
      readonly kind: "io-error" | "io-error-reason";
      readonly srcPath: string;
      readonly devAlias: string;
      readonly action: number;
      readonly reason: string;
    }
  | { readonly kind: "control-error" }
  | {
      readonly kind: "block-job" | "block-job-2";
      readonly disk: string;
      readonly type: number;
      readonly status: number;
    }
  | {
      readonly kind: "disk-change";
      readonly oldSrcPath: string;
      readonly newSrcPath: string;
      readonly devAlias: string;
      readonly reason: number;
    }
  | { readonly kind: "tray-change"; readonly devAlias: string; readonly reason: number }
  | { readonly kind: "pm-wakeup" | "pm-suspend" | "pm-suspend-disk" }
  /** KiB. */
  | { readonly kind: "balloon-change"; readonly actual: number }
  | { readonly kind: "device-added" | "device-removed"; readonly devAlias: string }
  | { readonly kind: "device-removal-failed"; readonly devAlias: string }
  | { readonly kind: "tunable"; readonly params: TypedParams }
  | { readonly kind: "agent-lifecycle"; readonly state: number; readonly reason: number }
  | { readonly kind: "migration-iteration"; readonly iteration: number }
  | { readonly kind: "job-completed"; readonly params: TypedParams }
  | {
      readonly kind: "metadata-change";
      readonly type: number;
      readonly nsuri: string | null;
    }
  | {
      readonly kind: "block-threshold";
      readonly dev: string;
      readonly path: string;
      readonly threshold: bigint;
      readonly excess: bigint;
    }
  | { readonly kind: "memory-failure"; readonly recipient: number; readonly action: number }
  | { readonly kind: "memory-device-size-change"; readonly alias: string; readonly size: bigint };

/** An event with the object that it is about. */
export type Event =
  | { readonly of: "domain"; readonly domain: DomainRef; readonly event: DomainEvent }
  /** `event`: 0 defined, 1 undefined, 2 started, 3 stopped (networks); pools add 4 created, 5 deleted. */
  | {
      readonly of: "network";
      readonly network: NetworkRef;
      readonly event: number;
      readonly detail: number;
    }
  | {
      readonly of: "pool";
      readonly pool: StoragePoolRef;
      readonly event: number;
      readonly detail: number;
    }
  | { readonly of: "pool-refresh"; readonly pool: StoragePoolRef }
  | {
      readonly of: "nodedev";
      readonly device: NodeDeviceRef;
      readonly event: number;
      readonly detail: number;
    }
  | { readonly of: "nodedev-update"; readonly device: NodeDeviceRef }
  | {
      readonly of: "secret";
      readonly secret: SecretRef;
      readonly event: number;
      readonly detail: number;
    }
  | { readonly of: "secret-value-changed"; readonly secret: SecretRef };

/** `virConnectDomainQemuMonitorEventRegister`'s event. */
export interface MonitorEvent {
  readonly domain: DomainRef;
  readonly event: string;
  readonly seconds: bigint;
  readonly micros: number;
  /** JSON text, or null. */
  readonly details: string | null;
}
