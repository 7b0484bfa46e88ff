/** The commands that show and set how much of the host's disks a domain may use. */
import type { TypedParam } from "../../../virt/driver/typed-params.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { TUNING } from "../tables/domain-tuning.ts";
import { countOrAll, domainOf, impactFlags, showOrSet } from "./domain-common.ts";

type Spec<Name extends keyof typeof TUNING> = (typeof TUNING)[Name];

const MAX_BYTES = 2n ** 64n - 1n;

export const BLOCK_TUNING_RUNS: Pick<Runs<typeof TUNING>, "blkdeviotune" | "blkiotune"> = {
  blkdeviotune: async (session, command) => blockTune(session, command),
  blkiotune: async (session, command) => blkioTune(session, command),
};

const SCALED_LIMITS = [
  "total-bytes-sec",
  "read-bytes-sec",
  "write-bytes-sec",
  "total-bytes-sec-max",
  "read-bytes-sec-max",
  "write-bytes-sec-max",
] as const;

const WHOLE_LIMITS = [
  "total-iops-sec",
  "read-iops-sec",
  "write-iops-sec",
  "total-iops-sec-max",
  "read-iops-sec-max",
  "write-iops-sec-max",
  "size-iops-sec",
  "total-bytes-sec-max-length",
  "read-bytes-sec-max-length",
  "write-bytes-sec-max-length",
  "total-iops-sec-max-length",
  "read-iops-sec-max-length",
  "write-iops-sec-max-length",
] as const;

async function blockTune(session: Session, command: Command<Spec<"blkdeviotune">>): Promise<void> {
  const flags = impactFlags(command);
  const domain = await domainOf(session, command);
  const device = command.text("device") ?? "";
  const given = blockLimits(command);
  const connect = await session.connect();
  await showOrSet(session, given, {
    get: () => connect.domainGetBlockIoTune(domain, device, flags),
    set: (params) => connect.domainSetBlockIoTune(domain, device, params, flags),
    cannotGet: countOrAll(command, "block I/O throttle parameters"),
    cannotCount: "Unable to get number of block I/O throttle parameters",
    cannotSet: "Unable to change block I/O throttle",
  });
}

function blockLimits(command: Command<Spec<"blkdeviotune">>): TypedParam[] {
  const fieldOf = (option: string): string => option.replaceAll("-", "_");
  const params: TypedParam[] = [];
  const add = (option: string, value: bigint | undefined): void => {
    if (value !== undefined) params.push({ field: fieldOf(option), type: "ullong", value });
  };
  try {
    for (const option of SCALED_LIMITS) add(option, command.scaled(option, 1n, MAX_BYTES));
    for (const option of WHOLE_LIMITS) add(option, command.wholeBig(option, "ulonglong"));
  } catch (error) {
    throw alsoFails(error, "Unable to parse integer parameter");
  }
  try {
    const group = command.text("group-name");
    if (group !== undefined) params.push({ field: "group_name", type: "string", value: group });
  } catch (error) {
    throw alsoFails(error, "Unable to parse group-name parameter");
  }
  return params;
}

/** A complaint with another line after it. */
function alsoFails(error: unknown, line: string): unknown {
  if (!(error instanceof CommandError)) return error;
  return new CommandError(`${error.message}\n${line}`);
}

const DEVICE_WEIGHTS = {
  "device-weights": "device_weight",
  "device-read-iops-sec": "device_read_iops_sec",
  "device-write-iops-sec": "device_write_iops_sec",
  "device-read-bytes-sec": "device_read_bytes_sec",
  "device-write-bytes-sec": "device_write_bytes_sec",
} as const;

async function blkioTune(session: Session, command: Command<Spec<"blkiotune">>): Promise<void> {
  const flags = impactFlags(command);
  const domain = await domainOf(session, command);
  const given: TypedParam[] = [];
  const weight = command.whole("weight", "int");
  if (weight !== undefined) {
    if (weight <= 0) throw new CommandError(`Invalid value of ${weight} for I/O weight`);
    given.push({ field: "weight", type: "uint", value: weight });
  }
  for (const [option, field] of Object.entries(DEVICE_WEIGHTS)) {
    const value = command.textAsGiven(option as keyof typeof DEVICE_WEIGHTS);
    if (value === "") throw new CommandError("Unable to parse string parameter");
    if (value !== undefined) given.push({ field, type: "string", value });
  }
  const connect = await session.connect();
  await showOrSet(session, given, {
    get: () => connect.domainGetBlkioParameters(domain, flags),
    set: (params) => connect.domainSetBlkioParameters(domain, params, flags),
    cannotGet: countOrAll(command, "blkio parameters"),
    cannotCount: "Unable to get number of blkio parameters",
    cannotSet: "Unable to change blkio parameters",
  });
}
