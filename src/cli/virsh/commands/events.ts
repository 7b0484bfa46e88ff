/** Waiting for events: `event`, `net-event`, `pool-event`, `nodedev-event`, `secret-event`. */
import type { Event } from "../../../virt/driver/events.ts";
import { AlreadyReported, CommandError } from "../shell/errors.ts";
import type { Session } from "../shell/session.ts";
import { describeEvent } from "./event-text.ts";

/** Kinds of events by what they are of, in the order of `--list`. */
export const OBJECT_EVENTS = {
  network: ["lifecycle"],
  pool: ["lifecycle", "refresh"],
  nodedev: ["lifecycle", "update"],
  secret: ["lifecycle", "value-changed"],
} as const;

/** The options that all event commands have. */
interface EventCommand {
  has(name: "loop" | "list" | "timestamp"): boolean;
  text(name: "event"): string | undefined;
  whole(name: "timeout", kind: "uint"): number | undefined;
}

/** Runs the event command of networks, pools, node devices or secrets. */
export async function watchEvents(
  session: Session,
  command: EventCommand,
  of: keyof typeof OBJECT_EVENTS,
  only: (event: Event) => boolean = () => true,
): Promise<void> {
  const kinds: readonly string[] = OBJECT_EVENTS[of];
  if (command.has("list")) return session.print(kinds.map((kind) => `${kind}\n`).join(""));
  const kind = command.text("event");
  if (kind === undefined) throw new CommandError("either --list or --event <type> is required");
  if (!kinds.includes(kind)) throw new CommandError(`unknown event type ${kind}`);
  await collect(session, command, (event) => isKind(event, of, kind) && only(event));
}

function isKind(event: Event, of: keyof typeof OBJECT_EVENTS, kind: string): boolean {
  if (kind === "lifecycle") return event.of === of;
  return event.of === `${of}-${kind}`;
}

/** Prints the events that `wanted` picks: the first one, or with `--loop` all, until the time is over. */
export async function collect(
  session: Session,
  command: Omit<EventCommand, "text">,
  wanted: (event: Event) => boolean,
): Promise<void> {
  const timeoutS = command.whole("timeout", "uint");
  if (timeoutS === 0) {
    throw new CommandError("Numeric value '0' for <timeout> option is malformed or out of range");
  }
  const loop = command.has("loop");
  const connect = await session.connect();
  let count = 0;
  let done: () => void = () => {};
  const first = new Promise<"done">((resolve) => {
    done = () => resolve("done");
  });
  const stop = await connect.connectEvents((event) => {
    if (!wanted(event) || (!loop && count > 0)) return;
    count++;
    const stamp = command.has("timestamp")
      ? `${new Date().toISOString().replace("T", " ").replace("Z", "+0000")}: `
      : "";
    session.print(`${stamp}${describeEvent(event)}\n`);
    if (!loop) done();
  });
  const timeoutMs = timeoutS === undefined ? Number.POSITIVE_INFINITY : timeoutS * 1000;
  const end = await Promise.race([first, session.host.sleep(timeoutMs)]);
  stop();
  if (end !== "done") session.print(`event loop ${end ? "timed out" : "interrupted"}\n`);
  session.print(`events received: ${count}\n`);
  if (count === 0) throw new AlreadyReported("no event");
}
