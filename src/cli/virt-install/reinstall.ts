/** `--reinstall`: a guest that is there gets its system anew. */
import { DomainXMLFlags } from "../../virt/driver/domain-flags.ts";
import { findDomain } from "../virtinst/find-domain.ts";
import type { Guest, Surroundings } from "../virtinst/guest.ts";
import { parseGuest } from "../virtinst/parse-guest.ts";

export interface ExistingGuest {
  readonly guest: Guest;
  /** Its stored definition, which it keeps. */
  readonly before: string;
}

/** @throws ToolError in the real tool's words */
export async function existingGuest(around: Surroundings, name: string): Promise<ExistingGuest> {
  const { connect } = around;
  const domain = await findDomain(connect, name);
  const flags = DomainXMLFlags.inactive | DomainXMLFlags.secure;
  const guest = parseGuest(around, await connect.domainGetXMLDesc(domain, flags));
  return { guest, before: guest.toXml() };
}
