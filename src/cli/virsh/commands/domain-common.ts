/** What several of the domain commands do alike. */
import { ErrorCode, VmError, vmError } from "../../../protocol/vm-error.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import {
  DomainConsoleFlags,
  DomainModificationImpact as Impact,
  DomainState,
  DomainXMLFlags,
} from "../../../virt/driver/domain-flags.ts";
import type { TypedParam, TypedParams } from "../../../virt/driver/typed-params.ts";
import type { XmlElement } from "../../../virt/xml/element.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import { CommandError } from "../shell/errors.ts";
import { escapeText } from "../shell/escape-text.ts";
import type { Session } from "../shell/session.ts";
import { findDomain } from "./lookup.ts";
import { Pipe } from "../../../virt/driver/pipe.ts";

/** The domain that the command's option names. */
export function domainOf(
  session: Session,
  command: { required(name: "domain"): string },
): Promise<DomainRef> {
  return findDomain(session, command.required("domain"));
}

/** The options that choose between the running and the stored definition. */
export interface ImpactCommand {
  has(name: "config" | "live" | "current"): boolean;
  exclusive(a: "current", b: "live" | "config"): void;
}

/** `--current`, `--live`, `--config` as libvirt's flags. @throws CommandError for contradictions */
export function impactFlags(command: ImpactCommand): number {
  command.exclusive("current", "live");
  command.exclusive("current", "config");
  return (command.has("live") ? Impact.live : 0) | (command.has("config") ? Impact.config : 0);
}

/**
 * As `impactFlags`, with `--persistent`: the stored definition, and the running one if there is one,
 * which only the domain can tell.
 */
export function deviceFlags(
  command: ImpactCommand & {
    has(name: "persistent"): boolean;
    exclusive(a: "persistent", b: "current"): void;
  },
): (domain: DomainRef) => number {
  command.exclusive("persistent", "current");
  const flags = impactFlags(command);
  if (!command.has("persistent")) return () => flags;
  return (domain) => flags | Impact.config | (domain.id > 0 ? Impact.live : 0);
}

/**
 * Makes a call that libvirt has twice, once without flags. Where virsh takes the one with flags although
 * it gives none, `name` is what is told to be unsupported.
 */
export async function asCall<T>(name: string | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isUnsupported = error instanceof VmError && error.code === ErrorCode.noSupport;
    if (name === null || !isUnsupported) throw error;
    throw vmError("noSupport", name, { cause: error });
  }
}

/** A typed parameter's value as virsh shows it. */
export function paramText({ type, value }: TypedParam): string {
  if (type === "boolean") return value ? "yes" : "no";
  return type === "double" ? value.toFixed(6) : String(value);
}

/** Prints parameters with their names padded to a width. */
export function printParams(session: Session, params: TypedParams, width = 15): void {
  for (const param of params) {
    session.print(`${param.field.padEnd(width)}: ${paramText(param)}\n`);
  }
}

/** The parameters as they are called where running and stored ones were asked for at once. */
export function countOrAll(
  command: { has(name: "live" | "config"): boolean },
  what: string,
): string {
  const both = command.has("live") && command.has("config");
  return `Unable to get ${both ? "number of " : ""}${what}`;
}

/** What all of these commands do: set what was given, or show all. */
export async function showOrSet(
  session: Session,
  given: TypedParams,
  calls: {
    get(): Promise<TypedParams>;
    set(params: TypedParams): Promise<void>;
    /** What failed, where it did. */
    readonly cannotGet: string;
    /** What failed where the driver has no such call, when that is not the same. */
    readonly cannotCount?: string;
    readonly cannotSet: string;
    print?(params: TypedParams): void;
  },
): Promise<void> {
  if (given.length > 0) return session.attempt(calls.cannotSet, () => calls.set(given));
  const params = await calls.get().catch((error: unknown) => {
    if (!(error instanceof VmError)) throw error;
    // virsh asks for their number first, and nothing else fails by then.
    const isMissing = error.code === ErrorCode.noSupport;
    session.error((isMissing ? calls.cannotCount : undefined) ?? calls.cannotGet);
    throw error;
  });
  if (calls.print) calls.print(params);
  else printParams(session, params);
}

/** The domain's definition: the stored one with `inactive`. */
export async function definitionOf(
  session: Session,
  domain: DomainRef,
  inactive = false,
): Promise<XmlElement> {
  const connect = await session.connect();
  const xml = await connect.domainGetXMLDesc(domain, inactive ? DomainXMLFlags.inactive : 0);
  return parseXml(xml, "domain_definition", "domain");
}

/** Connects the terminal to the domain's console until the user leaves it. */
export async function openConsole(
  session: Session,
  domain: DomainRef,
  device: string | null,
  { force, safe }: { readonly force: boolean; readonly safe: boolean },
): Promise<void> {
  const connect = await session.connect();
  const { state } = await session.attempt("Unable to get domain status", () =>
    connect.domainGetState(domain, 0),
  );
  if (state === DomainState.shutoff) return session.fail("The domain is not running");
  if (!session.host.hasTerminal()) {
    throw new CommandError("Cannot run interactive console without a controlling TTY");
  }
  const flags = (force ? DomainConsoleFlags.force : 0) | (safe ? DomainConsoleFlags.safe : 0);
  const pipe = new Pipe();
  await connect.domainOpenConsole(domain, device, pipe.driverEnd, flags);
  session.printExtra(`Connected to domain '${domain.name}'\n`);
  session.printExtra(escapeText(session.options.escape));
  await session.host.console(pipe.userEnd, session.options.escape);
}
