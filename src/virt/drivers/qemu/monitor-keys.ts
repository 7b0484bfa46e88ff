/** The monitor's commands for keys: `send-key` and `input-send-event` of QMP, `sendkey` of the human one. */
import type { Machine } from "../../../api/machine.ts";
import type { KeyEvent } from "../../../api/types.ts";
import { CODES_BY_NAME } from "../../../util/qemu-keys.ts";
import { codesOf } from "./key-calls.ts";
import { QmpError, QmpObject } from "./qmp-arguments.ts";

type Keyed = Pick<Machine, "config" | "state" | "sendKeys" | "sendKeyEvents">;
type Arguments = Readonly<Record<string, unknown>>;

/** QEMU's name of no key. */
const UNMAPPED = "unmapped";
const isKeyName = (name: string): boolean => name === UNMAPPED || CODES_BY_NAME.has(name);
const codesByName = (name: string): number[] => {
  const code = CODES_BY_NAME.get(name);
  return code === undefined ? [] : [code];
};

/** @throws QmpError */
export async function sendKey(machine: Keyed, given: Arguments): Promise<object> {
  const args = new QmpObject(given);
  const codes = args.objects("keys").flatMap(keyValue);
  // 32 bits without a sign: thus QEMU takes it.
  const holdMs = args.has("hold-time") ? args.integer("hold-time") >>> 0 : 0;
  args.end();
  await machine.sendKeys(codes, { holdMs });
  return {};
}

/** QAPI's `KeyValue`: Linux's code, or none. */
function keyValue(key: QmpObject): number[] {
  const type = key.choice("type", (value) => value === "number" || value === "qcode");
  const codes =
    type === "number" ? codesOf([key.integer("data")]) : codesByName(key.choice("data", isKeyName));
  key.end();
  return codes;
}

/** QAPI's `InputEventKind`. */
const EVENT_KINDS = ["key", "btn", "rel", "abs"];

/** @throws QmpError */
export async function inputSendEvent(machine: Keyed, given: Arguments): Promise<object> {
  const args = new QmpObject(given);
  const device = args.has("device") ? args.string("device") : undefined;
  if (args.has("head")) args.integer("head");
  const events = args.objects("events").map(inputEvent);
  args.end();
  // It would be a display's name.
  if (device !== undefined) throw new QmpError(`Device '${device}' not found`, "DeviceNotFound");
  if (machine.state !== "running") throw new QmpError("VM not running");
  const lost = events.find(({ kind }) => kind !== "key" || !hasKeyboard(machine));
  if (lost) throw new QmpError(`Input handler not found for event type ${lost.kind}`);
  await machine.sendKeyEvents(events.flatMap((event) => event.keys));
  return {};
}

function inputEvent(event: QmpObject): { readonly kind: string; readonly keys: KeyEvent[] } {
  const kind = event.choice("type", (value) => EVENT_KINDS.includes(value));
  const data = event.object("data");
  // There is no pointer, so that what one would do does not matter.
  if (kind !== "key") return { kind, keys: [] };
  const codes = keyValue(data.object("key"));
  const isDown = data.boolean("down");
  data.end();
  event.end();
  return { kind, keys: codes.map((code) => ({ code, isDown })) };
}

export function hasKeyboard({ config }: Pick<Machine, "config">): boolean {
  return config.devices?.some(({ kind }) => kind === "virtio-keyboard") === true;
}

const HELP = `Try "help sendkey" for more information\r\n`;

/** `sendkey KEYS [HOLD_MS]`: names, or numbers in hexadecimal, with hyphens between. @returns what it prints */
export async function humanSendKey(machine: Keyed, words: readonly string[]): Promise<string> {
  const [keys, hold = "0", ...more] = words;
  if (keys === undefined) return `sendkey: string expected\r\n${HELP}`;
  if (!/^(?:0x[0-9a-f]+|\d+)$/i.test(hold)) {
    return `invalid char '${hold[0]}' in expression\r\n${HELP}`;
  }
  if (more.length > 0) return `sendkey: extraneous characters at the end of line\r\n${HELP}`;
  const codes: number[] = [];
  for (const word of keys.split("-")) {
    const key = word === "<" ? "less" : word;
    if (/^0x[0-9a-f]+$/i.test(key)) codes.push(...codesOf([Number(key)]));
    else if (isKeyName(key)) codes.push(...codesByName(key));
    else return `invalid parameter: ${key}\r\n`;
  }
  await machine.sendKeys(codes, { holdMs: Number(hold) });
  return "";
}
