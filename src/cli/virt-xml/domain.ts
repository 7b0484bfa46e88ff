/** The guest that a command line names. */
import type { Connect } from "../../virt/driver/connect.ts";
import type { DomainRef } from "../../virt/driver/refs.ts";
import { findDomain } from "../virtinst/find-domain.ts";

/** `virDomainState`. */
const SHUT_OFF = 5;
/** `virDomainXMLFlags`: passwords, too; what the next start will have. */
const SECURE = 1;
const INACTIVE = 2;

export interface Target {
  readonly domain: DomainRef;
  /** Its definition. */
  readonly xml: string;
  /** As it runs; undefined where it does not. */
  readonly activeXml: string | undefined;
}

/** @throws ToolError where there is no such guest */
export async function targetDomain(connect: Connect, name: string): Promise<Target> {
  const domain = await findDomain(connect, name);
  const { state } = await connect.domainGetInfo(domain);
  const xml = await connect.domainGetXMLDesc(domain, SECURE);
  if (state === SHUT_OFF) return { domain, xml, activeXml: undefined };
  return { domain, xml: await definition(connect, domain), activeXml: xml };
}

export function definition(connect: Connect, domain: DomainRef): Promise<string> {
  return connect.domainGetXMLDesc(domain, SECURE | INACTIVE);
}
