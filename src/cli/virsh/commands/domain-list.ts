/** `virsh list`. */
import {
  ConnectListAllDomainsFlags as List,
  DomainMetadataType,
  DomainState,
} from "../../../virt/driver/domain-flags.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import type { Command } from "../shell/command.ts";
import { byName } from "../shell/order.ts";
import type { Session } from "../shell/session.ts";
import { formatTable } from "../shell/table.ts";
import type { MONITOR } from "../tables/monitor.ts";
import { flagBits } from "./common.ts";
import { descriptionOf } from "./domain-text.ts";
import { stateText } from "./domain-words.ts";

type ListCommand = Command<(typeof MONITOR)["list"]>;

export async function listDomains(session: Session, command: ListCommand): Promise<void> {
  const flags = listFlags(command);
  command.exclusive("table", "name");
  command.exclusive("table", "uuid");
  command.exclusive("table", "id");
  const connect = await session.connect();
  const domains = (
    await session.attempt("Failed to list domains", () => connect.connectListAllDomains(flags))
  ).toSorted(byIdThenName);
  if (command.has("uuid") || command.has("name") || command.has("id")) {
    return session.print(domains.map((domain) => plainLine(command, domain)).join(""));
  }
  const rows: string[][] = [];
  for (const domain of domains) rows.push(await domainRow(session, command, domain));
  const titles = ["Id", "Name", "State", ...(command.has("title") ? ["Title"] : [])];
  session.print(formatTable(titles, rows, !session.options.quiet));
}

function listFlags(command: ListCommand): number {
  const isInactive = command.has("inactive") || command.has("state-shutoff");
  const which = command.has("all") ? List.active | List.inactive : 0;
  return (
    (which || (isInactive ? List.inactive : List.active)) |
    flagBits(command, {
      persistent: List.persistent,
      transient: List.transient,
      "with-snapshot": List.hasSnapshot,
      "without-snapshot": List.noSnapshot,
      "with-checkpoint": List.hasCheckpoint,
      "without-checkpoint": List.noCheckpoint,
      "state-running": List.running,
      "state-paused": List.paused,
      "state-shutoff": List.shutoff,
      "state-other": List.other,
      autostart: List.autostart,
      "no-autostart": List.noAutostart,
      "with-managed-save": List.managedsave,
      "without-managed-save": List.noManagedsave,
    })
  );
}

/** Active ones by id, then the others by name. */
function byIdThenName(a: DomainRef, b: DomainRef): number {
  if (a.id > 0 || b.id > 0) {
    if (a.id <= 0) return 1;
    return b.id <= 0 ? -1 : a.id - b.id;
  }
  return byName(a, b);
}

function idText(domain: DomainRef): string {
  return domain.id > 0 ? String(domain.id) : "-";
}

/** Ids alone are told of active domains only. */
function plainLine(command: ListCommand, domain: DomainRef): string {
  const others = command.has("uuid") || command.has("name");
  if (!others && domain.id <= 0) return "";
  const parts = [
    ...(command.has("uuid") ? [domain.uuid] : []),
    ...(command.has("id") ? [idText(domain)] : []),
    ...(command.has("name") ? [domain.name] : []),
  ];
  return `${parts.join(" ")}\n`;
}

async function domainRow(
  session: Session,
  command: ListCommand,
  domain: DomainRef,
): Promise<string[]> {
  const connect = await session.connect();
  const { state } = await connect.domainGetState(domain, 0);
  const saved =
    command.has("managed-save") &&
    state === DomainState.shutoff &&
    (await connect.domainHasManagedSaveImage(domain, 0));
  const row = [idText(domain), domain.name, saved ? "saved" : stateText(state)];
  if (!command.has("title")) return row;
  return [...row, await descriptionOf(session, domain, DomainMetadataType.title, 0)];
}
