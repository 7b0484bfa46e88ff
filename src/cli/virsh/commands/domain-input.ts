/** The commands that act on a guest from outside: keys, signals, pictures, power. */
import { VmError } from "../../../protocol/vm-error.ts";
import { keycodeOf, KEYCODE_SETS } from "../../../virt/driver/key-names.ts";
import {
  DomainLifecycle,
  DomainLifecycleAction,
  DomainProcessSignal,
} from "../../../virt/driver/domain-flags.ts";
import type { Stream } from "../../../virt/driver/streams.ts";
import { concatBytes } from "../../../util/bytes.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { INPUT } from "../tables/domain-input.ts";
import { domainOf, impactFlags } from "./domain-common.ts";
import { Pipe } from "../../../virt/driver/pipe.ts";

type Spec<Name extends keyof typeof INPUT> = (typeof INPUT)[Name];

export const INPUT_RUNS: Runs<typeof INPUT> = {
  dompmsuspend: async (session, command) => {
    const domain = await domainOf(session, command);
    const seconds = command.wholeBig("duration", "ulonglong") ?? 0n;
    const target = ["mem", "disk", "hybrid"].indexOf(command.required("target"));
    if (target < 0) throw new CommandError("Invalid target");
    const connect = await session.connect();
    await session.attempt(`Domain '${domain.name}' could not be suspended`, () =>
      connect.domainPMSuspendForDuration(domain, target, seconds, 0),
    );
    session.printExtra(`Domain '${domain.name}' successfully suspended`);
  },
  dompmwakeup: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Domain '${domain.name}' could not be woken up`, () =>
      connect.domainPMWakeup(domain, 0),
    );
    session.printExtra(`Domain '${domain.name}' successfully woken up`);
  },
  "inject-nmi": async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await connect.domainInjectNMI(domain, 0);
  },
  screenshot: (session, command) => screenshot(session, command),
  "send-key": (session, command) => sendKey(session, command),
  "send-process-signal": async (session, command) => {
    const domain = await domainOf(session, command);
    const pid = command.wholeBig("pid", "longlong") ?? 0n;
    const name = command.required("signame");
    const signal = signalNumber(name);
    if (signal === null) throw new CommandError(`malformed signal name: ${name}`);
    const connect = await session.connect();
    await connect.domainSendProcessSignal(domain, pid, signal, 0);
  },
  "set-lifecycle-action": async (session, command) => {
    const flags = impactFlags(command);
    const typeName = command.required("type");
    const actionName = command.required("action");
    const type = Object.keys(DomainLifecycle).indexOf(typeName);
    if (type < 0) throw new CommandError(`Invalid lifecycle type '${typeName}'.`);
    const action = LIFECYCLE_ACTIONS[actionName];
    if (action === undefined) {
      throw new CommandError(`Invalid lifecycle action '${actionName}'.`);
    }
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await session.attempt("Unable to change lifecycle action.", () =>
      connect.domainSetLifecycleAction(domain, type, action, flags),
    );
  },
};

const LIFECYCLE_ACTIONS: Readonly<Record<string, number>> = {
  destroy: DomainLifecycleAction.destroy,
  restart: DomainLifecycleAction.restart,
  "rename-restart": DomainLifecycleAction.restartRename,
  preserve: DomainLifecycleAction.preserve,
  "coredump-destroy": DomainLifecycleAction.coredumpDestroy,
  "coredump-restart": DomainLifecycleAction.coredumpRestart,
};

const EXTENSIONS: Readonly<Record<string, string>> = {
  "image/x-portable-pixmap": ".ppm",
  "image/png": ".png",
};

async function screenshot(session: Session, command: Command<Spec<"screenshot">>): Promise<void> {
  const given = command.text("file");
  const screen = command.whole("screen", "uint") ?? 0;
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  const { driverEnd, userEnd } = new Pipe();
  const mime = await session.attempt(
    `could not take a screenshot of ${command.required("domain")}`,
    () => connect.domainScreenshot(domain, driverEnd, screen, 0),
  );
  const file = given ?? `${domain.name}-${nowText()}${EXTENSIONS[mime] ?? ""}`;
  const picture = await session.attempt(
    `could not receive data from domain '${command.required("domain")}'`,
    () => readAll(userEnd),
  );
  await session.host.writeFile(file, picture).catch((error: unknown) => {
    if (!(error instanceof VmError)) throw error;
    throw new CommandError(`cannot create file ${file}`);
  });
  session.printExtra(`Screenshot saved to ${file}, with type of ${mime}`);
}

/** `YYYY-MM-DD-HH:MM:SS`, local time. */
function nowText(): string {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace("T", "-");
}

async function readAll(stream: Stream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let chunk = await stream.read(); chunk !== null; chunk = await stream.read()) {
    chunks.push(typeof chunk === "number" ? new Uint8Array(chunk) : chunk);
  }
  return concatBytes(chunks);
}

const MAX_KEYS = 16;
const MAX_KEYCODE = 0xffff;

async function sendKey(session: Session, command: Command<Spec<"send-key">>): Promise<void> {
  const domain = await domainOf(session, command);
  const name = command.textOrNone("codeset") ?? "linux";
  const holdTimeMs = command.whole("holdtime", "uint") ?? 0;
  const sets: readonly string[] = KEYCODE_SETS;
  // The set's name was `rfb` once.
  const codeset = sets.indexOf(name === "rfb" ? "qnum" : name);
  if (codeset < 0) throw new CommandError(`unknown codeset: '${name}'`);
  const keys = command.all("keycode");
  const keycodes = keys.map((key, at) => {
    if (at >= MAX_KEYS) throw new CommandError("too many keycodes");
    const code = keyNumber(key) ?? keycodeOf(codeset, key);
    if (code === undefined) throw new CommandError(`invalid keycode: '${key}'`);
    return code;
  });
  const connect = await session.connect();
  await connect.domainSendKey(domain, codeset, holdTimeMs, keycodes, 0);
}

/** A code as C writes it: decimal, `0x…` or `0…`. */
function keyNumber(text: string): number | undefined {
  const [, hex, octal, decimal] = /^\s*\+?(?:0x([0-9a-f]+)|0([0-7]+)|(\d+))$/i.exec(text) ?? [];
  const code =
    hex === undefined
      ? octal === undefined
        ? Number(decimal)
        : Number.parseInt(octal, 8)
      : Number.parseInt(hex, 16);
  return code <= MAX_KEYCODE ? code : undefined;
}

/** `9`, `kill`, `sigkill` or `SIG_KILL`. */
function signalNumber(text: string): number | null {
  const name = text.toLowerCase();
  if (/^\s*[+-]?\d+$/.test(name)) return Number(name) < 0 ? null : Number(name);
  const bare = name.replace(/^sig_?/, "");
  const signals: Readonly<Record<string, number>> = DomainProcessSignal;
  return Object.hasOwn(signals, bare) ? (signals[bare] ?? null) : null;
}
