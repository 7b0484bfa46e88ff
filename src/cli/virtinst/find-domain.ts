/** The guest that a command line names. */
import type { Connect } from "../../virt/driver/connect.ts";
import type { DomainRef } from "../../virt/driver/refs.ts";
import { ToolError, messageOf } from "./errors.ts";

const UUID = /^[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}$/i;

/** By name, else by number or UUID. @throws ToolError where there is no such guest */
export async function findDomain(connect: Connect, name: string): Promise<DomainRef> {
  try {
    try {
      return await connect.domainLookupByName(name);
    } catch (error) {
      if (/^\s*[+-]?\d+\s*$/.test(name)) return await connect.domainLookupByID(Number(name));
      if (UUID.test(name)) return await connect.domainLookupByUUID(name);
      throw error;
    }
  } catch (error) {
    throw new ToolError(`Could not find domain '${name}': ${messageOf(error)}`, { cause: error });
  }
}
