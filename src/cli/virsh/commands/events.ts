/** Waiting for events: `event`, `net-event`, `pool-event`, `nodedev-event`, `secret-event`. */
import type { Event } from "../../../virt/driver/events.ts";
import { CommandError } from "../shell/errors.ts";
import type { Session } from "../shell/session.ts";
import { timeoutMs } from "./common.ts";
import { stampOf, waitForEvents } from "./event-loop.ts";
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

/** The object that events have to be about: a device has a name only. */
interface Watched {
  readonly name?: string;
  readonly uuid?: string;
}

/**
 * Runs the event command of networks, pools, node devices or secrets.
 *
 * @param find looks up the object that an option names, undefined where none does
 */
export async function watchEvents(
  session: Session,
  command: EventCommand,
  of: keyof typeof OBJECT_EVENTS,
  find: () => Promise<Watched | undefined> | undefined,
): Promise<boolean | void> {
  const kinds: readonly string[] = OBJECT_EVENTS[of];
  if (command.has("list")) return session.print(kinds.map((kind) => `${kind}\n`).join(""));
  const kind = command.text("event");
  if (kind === undefined) throw new CommandError("either --list or --event <type> is required");
  if (!kinds.includes(kind)) throw new CommandError(`unknown event type ${kind}`);
  const limitMs = timeoutMs(command);
  const watched = await find();
  return collect(
    session,
    command,
    limitMs,
    (event) => isKind(event, of, kind) && (!watched || isAbout(event, watched)),
  );
}

function isKind(event: Event, of: keyof typeof OBJECT_EVENTS, kind: string): boolean {
  if (kind === "lifecycle") return event.of === of;
  return event.of === `${of}-${kind}`;
}

function isAbout(event: Event, { name, uuid }: Watched): boolean {
  if ("device" in event) return event.device.name === name;
  const about =
    "domain" in event
      ? event.domain
      : "network" in event
        ? event.network
        : "pool" in event
          ? event.pool
          : event.secret;
  return about.uuid === uuid;
}

/** Prints the events that `wanted` picks. @returns whether there was any */
export async function collect(
  session: Session,
  command: Omit<EventCommand, "text">,
  limitMs: number,
  wanted: (event: Event) => boolean,
): Promise<boolean> {
  const connect = await session.connect();
  return waitForEvents(session, command, limitMs, (tell) =>
    connect.connectEvents((event) => {
      if (wanted(event)) tell(`${stampOf(command)}${describeEvent(event)}\n`);
    }),
  );
}
