/** `virConnectOpen`: from a URI to every call of libvirt's, supported by the driver or not. */
import { ErrorDomain, type VmError, vmError } from "../../protocol/vm-error.ts";
import { checkArguments } from "./call-checks.ts";
import { DomainMigrateFlags, DomainXMLFlags } from "./domain-flags.ts";
import type { Calls, ConnectDriver, DriverConnection, ParsedUri } from "./driver.ts";
import { publicName } from "./public-names.ts";

export interface ConnectOptions {
  /** Refuse every call that changes something (`virsh --readonly`). */
  readonly readOnly?: boolean;
}

/** An open connection: a call that its driver does not have rejects with noSupport. */
export interface Connect extends Calls {
  readonly uri: string;
  readonly readOnly: boolean;
  /** Ends the connection; its calls reject afterwards. */
  close(): Promise<void>;
}

/**
 * Opens `uri` with the driver of its scheme.
 *
 * @throws VmError noConnect for a scheme without a driver, and what the driver throws
 */
export async function openConnect(
  uri: string,
  drivers: readonly ConnectDriver[],
  { readOnly = false }: ConnectOptions = {},
): Promise<Connect> {
  const parsed = parseUri(uri);
  const driver = drivers.find(({ scheme }) => scheme === parsed.scheme);
  if (!driver) throw vmError("noConnect", `URI scheme ${parsed.scheme}`);
  // A page may always write: it does without the list.
  const refused = readOnly ? (await import("./write-calls.ts")).WRITE_CALLS : NOTHING;
  return connectOver(parsed.text, refused, await driver.open(parsed));
}

const NOTHING: ReadonlySet<keyof Calls> = new Set();

/**
 * Gives `connection` the calls that it lacks.
 *
 * @param refused what changes something, where the connection is to read only; else none
 */
function connectOver(
  uri: string,
  refused: ReadonlySet<keyof Calls>,
  connection: DriverConnection,
): Connect {
  const readOnly = refused.size > 0;
  let open = true;
  const fixed: Record<string, unknown> = {
    uri,
    readOnly,
    close: async () => {
      open = false;
      await connection.close();
    },
  };
  return new Proxy({} as Connect, {
    get(_target, property) {
      // Resolving a promise with a connection asks it for `then`.
      if (typeof property !== "string" || property === "then") return undefined;
      if (property in fixed) return fixed[property];
      const name = property as keyof Calls;
      return async (...args: unknown[]) => {
        if (!open) throw vmError("invalidConn", publicName(name, args));
        if (refused.has(name)) {
          throw vmError("operationDenied", `read only access prevents ${publicName(name, args)}`, {
            domain: errorDomainOf(name),
          });
        }
        if (readOnly && asksForSecrets(name, args)) {
          const words = `${publicName(name, args)} with secure flag`;
          throw vmError("operationDenied", words, { domain: errorDomainOf(name) });
        }
        checkArguments(name, args);
        const call = connection[name] as ((...given: unknown[]) => unknown) | undefined;
        if (!call) throw missing(name, args);
        return call.apply(connection, args);
      };
    },
  });
}

/** What is told of a call that the driver does not have. */
function missing(call: keyof Calls, args: readonly unknown[]): VmError {
  const domain = errorDomainOf(call);
  if (call !== "domainMigrateToURI3")
    return vmError("noSupport", publicName(call, args), { domain });
  const flags = Number(args.at(-1));
  const way =
    (flags & DomainMigrateFlags.offline) !== 0
      ? "offline"
      : (flags & DomainMigrateFlags.peer2peer) !== 0
        ? "p2p"
        : "direct";
  const words = `${way} migration is not supported by the source host`;
  return vmError("argumentUnsupported", words, { domain });
}

/** Passwords are not for those who may only read. */
function asksForSecrets(call: keyof Calls, args: readonly unknown[]): boolean {
  const secure = DomainXMLFlags.secure | DomainXMLFlags.migratable;
  return call === "domainGetXMLDesc" && (Number(args.at(-1)) & secure) !== 0;
}

function errorDomainOf(call: keyof Calls): ErrorDomain {
  if (/^domainSnapshot|^domainRevert/.test(call)) return ErrorDomain.domainSnapshot;
  if (call.startsWith("domain")) return ErrorDomain.dom;
  if (call.startsWith("storage")) return ErrorDomain.storage;
  if (call.startsWith("network")) return ErrorDomain.network;
  if (call.startsWith("secret")) return ErrorDomain.secret;
  if (call.startsWith("nodeDevice")) return ErrorDomain.nodedev;
  return ErrorDomain.none;
}

/** What RFC 3986 allows in a URI. */
const CHARACTERS = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})*$/i;

const PARTS =
  /^([a-z][a-z0-9.-]*)(?:\+([a-z0-9]+))?:(\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/i;

/** A reference without a scheme: a colon can only come after a slash. */
const RELATIVE = /^[^:/?#]*(?:[/?#].*)?$/;

/** @throws VmError internalError when the text is no URI, noConnect when it has no scheme */
function parseUri(text: string): ParsedUri {
  const parts = CHARACTERS.test(text) ? PARTS.exec(text) : null;
  const scheme = parts?.[1];
  if (!parts || scheme === undefined) {
    if (CHARACTERS.test(text) && RELATIVE.test(text)) {
      throw vmError("noConnect", `URI '${text}' does not include a driver name`);
    }
    throw vmError("internalError", `Unable to parse URI ${text}`);
  }
  const query = (parts[6] ?? "").split("&").filter((pair) => pair !== "");
  return {
    // Without a server's name there are three slashes.
    text: parts[3] === undefined && parts[5] !== "" ? text.replace(":/", ":///") : text,
    scheme,
    ...(parts[2] === undefined ? {} : { transport: parts[2] }),
    server: parts[4] ?? "",
    path: parts[5] ?? "",
    query: new Map(query.map((pair): [string, string] => splitPair(pair))),
  };
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return at < 0
    ? [pair, ""]
    : [decodeURIComponent(pair.slice(0, at)), decodeURIComponent(pair.slice(at + 1))];
}
