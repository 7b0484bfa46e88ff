/** The built-in guest images, read once for all views. */
import { useEffect, useState } from "react";
import type { Connection } from "../../virt/connection.ts";
import type { BootSource } from "../../virt/domain.ts";
import type { GuestManifest } from "../../virt/guest-manifest.ts";
import { useApp } from "../app/context.tsx";
import { errorText } from "../common/error-text.ts";
import type { Translate } from "../i18n/catalogue.ts";

export interface Guests {
  readonly list: readonly GuestManifest[];
  /** Why the list is empty, once that is known. */
  readonly error: string | null;
}

const NONE: Guests = { list: [], error: null };
const reads = new WeakMap<Connection, Promise<Guests>>();

export function useGuests(): Guests {
  const { connection } = useApp();
  const [guests, setGuests] = useState(NONE);
  useEffect(() => {
    let wanted = true;
    void read(connection).then((result) => wanted && setGuests(result));
    return () => {
      wanted = false;
    };
  }, [connection]);
  return guests;
}

function read(connection: Connection): Promise<Guests> {
  const known = reads.get(connection);
  if (known) return known;
  const result = connection.guests().then(
    (list): Guests => ({ list, error: null }),
    (error: unknown): Guests => {
      reads.delete(connection);
      return { list: [], error: errorText(error) };
    },
  );
  reads.set(connection, result);
  return result;
}

/** What a domain boots, in a few words. */
export function bootTitle(
  boot: BootSource,
  guests: readonly GuestManifest[],
  t: Translate,
): string {
  if (boot.kind === "guest") {
    return guests.find(({ name }) => name === boot.guest)?.title ?? boot.guest;
  }
  return (boot.kernel ?? boot.firmware)?.name ?? t("list.ownFiles");
}
