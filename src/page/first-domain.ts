/** What a visitor finds: one click from a booting Linux. */
import type { DriverConnection } from "../virt/driver/driver.ts";
import { guestDomain } from "../virt/manager/served-guest.ts";
import { formatXml } from "../virt/xml/format.ts";
import { servedGuest } from "./served-guests.ts";

const GUEST = "shell";
const NAME = "Debian shell";

/** Defines it where the guest is served; a server without guests has nothing to offer. */
export async function defineFirstDomain(connection: DriverConnection): Promise<void> {
  const guest = await servedGuest(GUEST).catch(() => null);
  if (guest === null) return;
  await connection.domainDefineXMLFlags?.(formatXml(guestDomain(guest, { name: NAME })), 0);
}
