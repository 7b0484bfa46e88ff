/** The monitor's commands for the memory balloon, and the properties of its device. */
import type { BalloonInfo } from "../../../api/types.ts";
import { find } from "../../xml/element.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { balloonOf } from "./balloon.ts";
import { runOf } from "./lifecycle-calls.ts";
import { QmpError, QmpObject } from "./qmp-arguments.ts";
import type { QemuState } from "./qemu-state.ts";
import type { Run } from "./run.ts";

type Arguments = Readonly<Record<string, unknown>>;

const MIB = 2 ** 20;
/** QEMU's names of statistics; what the guest did not say is 2^64-1. */
const STATS = [
  ...["stat-swap-in", "stat-swap-out", "stat-major-faults", "stat-minor-faults"],
  ...["stat-free-memory", "stat-total-memory", "stat-available-memory", "stat-disk-caches"],
  ...["stat-htlb-pgalloc", "stat-htlb-pgfail"],
];
const UNKNOWN = 2n ** 64n - 1n;
const DRIVER = "virtio-balloon-pci";
const POLLING = "guest-stats-polling-interval";

/** @throws QmpError DeviceNotActive */
function activeRun(state: QemuState, domain: DomainObject): Run {
  if (balloonOf(domain.definition)) return runOf(state, domain);
  throw new QmpError("No balloon device has been activated", "DeviceNotActive");
}

async function setTarget(run: Run, bytes: number): Promise<void> {
  if (bytes <= 0) throw new QmpError("Parameter 'target' expects a size");
  await run.setMemoryTarget(bytes);
}

/** `balloon`. @throws QmpError */
export async function setBalloon(
  state: QemuState,
  domain: DomainObject,
  given: Arguments,
): Promise<object> {
  const args = new QmpObject(given);
  const bytes = args.integer("value");
  args.end();
  await setTarget(activeRun(state, domain), bytes);
  return {};
}

/** `query-balloon`. @throws QmpError */
export async function queryBalloon(
  state: QemuState,
  domain: DomainObject,
  given: Arguments,
): Promise<object> {
  new QmpObject(given).end();
  const { actualBytes } = await activeRun(state, domain).machine.balloon();
  return { actual: actualBytes };
}

/** `qom-get` of the balloon, the one device whose properties are told. @throws QmpError */
export async function qomGet(
  state: QemuState,
  domain: DomainObject,
  given: Arguments,
): Promise<unknown> {
  const args = new QmpObject(given);
  const [path, property] = [args.string("path"), args.string("property")];
  args.end();
  const run = atPath(state, domain, path);
  const info = await run.machine.balloon();
  switch (property) {
    case "type":
      return DRIVER;
    case "deflate-on-oom":
      return balloonOf(domain.definition)?.attributes.get("autodeflate") === "on";
    case "guest-stats":
      return guestStats(info);
    case POLLING:
      return info.pollIntervalS;
  }
  throw new QmpError(`Property '${DRIVER}.${property}' not found`);
}

/** `qom-set`. @throws QmpError */
export async function qomSet(
  state: QemuState,
  domain: DomainObject,
  given: Arguments,
): Promise<object> {
  const args = new QmpObject(given);
  const [path, property] = [args.string("path"), args.string("property")];
  if (!args.has("value")) throw new QmpError("Parameter 'value' is missing");
  const run = atPath(state, domain, path);
  if (property === "guest-stats") {
    throw new QmpError("Property 'virtio-balloon-device.guest-stats' is not writable");
  }
  if (property !== POLLING) throw new QmpError(`Property '${DRIVER}.${property}' not found`);
  const seconds = new QmpObject({ [POLLING]: given["value"] }).integer(POLLING);
  if (seconds < 0) throw new QmpError("timer value must be greater than zero");
  if (seconds > 0xffff_ffff) throw new QmpError("timer value is too big");
  await run.machine.setBalloonPolling(seconds);
  return {};
}

/** The device's place in QEMU's object model, whole or the last part of it. @throws QmpError */
function atPath(state: QemuState, domain: DomainObject, path: string): Run {
  const balloon = balloonOf(domain.definition);
  const id = balloon && find(balloon, "alias")?.attributes.get("name");
  if (id !== undefined && [`/machine/peripheral/${id}`, id].includes(path)) {
    return runOf(state, domain);
  }
  throw new QmpError(`Device '${path}' not found`, "DeviceNotFound");
}

function guestStats({ stats, statsAtS }: BalloonInfo): object {
  const all = STATS.map((name) => [name, stats[name] ?? UNKNOWN] as const);
  return { stats: Object.fromEntries(all), "last-update": statsAtS };
}

/** `info balloon` of the human monitor. @throws QmpError */
export async function humanInfoBalloon(state: QemuState, domain: DomainObject): Promise<string> {
  const { actualBytes } = await activeRun(state, domain).machine.balloon();
  return `balloon: actual=${Math.floor(actualBytes / MIB)}`;
}

/** `balloon MIB` of the human monitor. @returns what it prints. @throws QmpError */
export async function humanBalloon(
  state: QemuState,
  domain: DomainObject,
  words: readonly string[],
): Promise<string> {
  const [size = "", ...more] = words;
  const help = `\r\nTry "help balloon" for more information\r\n`;
  if (size === "") return `unexpected end of expression${help}`;
  if (/^-\d+$/.test(size)) return `enter a positive value${help}`;
  if (!/^(?:0x[0-9a-f]+|\d+)$/i.test(size)) {
    return `invalid char '${size[0]}' in expression${help}`;
  }
  if (more.length > 0) return `balloon: extraneous characters at the end of line${help}`;
  await setTarget(activeRun(state, domain), Number(size) * MIB);
  return "";
}
