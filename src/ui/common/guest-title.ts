/** What guests are called. */
import type { GuestManifest } from "../../virt/guest-manifest.ts";
import type { Translate } from "../i18n/catalogue.ts";

/** Guests that this project makes have words in each language. */
const KNOWN = ["shell", "tools", "debian", "debian-full", "installer"] as const;

export function knownName({ name }: GuestManifest): (typeof KNOWN)[number] | undefined {
  return KNOWN.find((each) => each === name);
}

export function guestTitle(guest: GuestManifest, t: Translate): string {
  const known = knownName(guest);
  return known ? t(`newVm.guest.${known}`) : guest.title;
}
