/** What machines tell of their disks, as libvirt's events and QEMU's. */
import type { DriveError } from "../../../api/types.ts";
import type { ThresholdPassed } from "../../../protocol/write-threshold.ts";
import { devicesOf } from "../../conf/domain/view.ts";
import { find } from "../../xml/element.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { imagePath } from "./disk-image.ts";
import { targetOf } from "./machine-disks.ts";
import type { QemuState } from "./qemu-state.ts";
import type { Run } from "./run.ts";

const IO_ACTIONS = { ignore: 0, stop: 1, report: 2 } as const;

export function ioError(state: QemuState, domain: DomainObject, run: Run, error: DriveError): void {
  if (error.action === "stop") run.diskErrors.set(error.drive, error.nospace);
  const disk = devicesOf(domain.definition, "disk").find((each) => targetOf(each) === error.drive);
  const event = {
    srcPath: (disk && imagePath(disk, state.storage)) ?? "",
    devAlias: (disk && find(disk, "alias")?.attributes.get("name")) ?? "",
    action: IO_ACTIONS[error.action],
    reason: error.nospace ? "enospc" : "",
  };
  const { drive, operation, action, nospace, reason } = error;
  const told = { device: drive, operation, action, nospace, reason };
  state.monitorEvent(domain, "BLOCK_IO_ERROR", told);
  state.domainEvent(domain, { kind: "io-error", ...event });
  state.domainEvent(domain, { kind: "io-error-reason", ...event });
}

/** Told by the disk's name, and by the number of its image. */
export function thresholdPassed(
  state: QemuState,
  domain: DomainObject,
  run: Run,
  { drive, thresholdBytes, excessBytes }: ThresholdPassed,
): void {
  const disk = devicesOf(domain.definition, "disk").find((each) => targetOf(each) === drive);
  const index = disk && find(disk, "source")?.attributes.get("index");
  const named = run.indexedThresholds.has(drive) ? [] : [drive];
  const numbered = index === undefined ? [] : [`${drive}[${index}]`];
  const told = {
    "node-name": drive,
    "amount-exceeded": excessBytes,
    "write-threshold": thresholdBytes,
  };
  state.monitorEvent(domain, "BLOCK_WRITE_THRESHOLD", told);
  for (const dev of [...named, ...numbered]) {
    state.domainEvent(domain, {
      kind: "block-threshold",
      dev,
      path: (disk && imagePath(disk, state.storage)) ?? "",
      threshold: BigInt(thresholdBytes),
      excess: BigInt(excessBytes),
    });
  }
}
