/** The commands on network filters. */
import { vmError } from "../../../protocol/vm-error.ts";
import type { NwFilterRef } from "../../../virt/driver/refs.ts";
import { byName } from "../shell/order.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import { formatTable } from "../shell/table.ts";
import type { FILTER } from "../tables/filter.ts";
import { readText } from "./common.ts";
import { editXml } from "./edit.ts";
import { findNwFilter } from "./lookup.ts";
import { printXml } from "./xpath.ts";

export const FILTER_RUNS: Runs<typeof FILTER> = {
  "nwfilter-define": async (session, command) => {
    const file = command.required("file");
    const xml = await readText(session, file);
    const connect = await session.connect();
    const filter = await session.attempt(`Failed to define network filter from ${file}`, () =>
      connect.nwfilterDefineXMLFlags(xml, command.has("validate") ? 1 : 0),
    );
    session.printExtra(`Network filter ${filter.name} defined from ${file}\n`);
  },
  "nwfilter-dumpxml": async (session, command) => {
    const filter = await filterOf(session, command);
    const xpath = command.textQuietly("xpath");
    const connect = await session.connect();
    const xml = await connect.nwfilterGetXMLDesc(filter, 0);
    printXml(session, xml, xpath, command.has("wrap"));
  },
  "nwfilter-edit": async (session, command) => {
    const filter = await filterOf(session, command);
    const connect = await session.connect();
    await editXml(session, `Network filter ${filter.name}`, {
      read: () => connect.nwfilterGetXMLDesc(filter, 0),
      define: async (edited) => void (await connect.nwfilterDefineXMLFlags(edited, 0)),
    });
  },
  "nwfilter-list": async (session) => {
    const connect = await session.connect();
    const filters = await session.attempt("Failed to count network filters", () =>
      connect.connectListAllNWFilters(0),
    );
    const rows = filters.toSorted(byName).map(({ uuid, name }) => [uuid, name]);
    session.print(formatTable(["UUID", "Name"], rows, !session.options.quiet));
  },
  "nwfilter-undefine": async (session, command) => {
    const filter = await filterOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to undefine network filter ${filter.name}`, () =>
      connect.nwfilterUndefine(filter),
    );
    session.printExtra(`Network filter ${filter.name} undefined\n`);
  },
  "nwfilter-binding-create": async (session, command) => {
    const file = command.required("file");
    await readText(session, file);
    session.error(`Failed to create network filter from ${file}`);
    throw vmError("noSupport", "virNWFilterBindingCreateXML");
  },
  "nwfilter-binding-delete": async (session, command) =>
    noBinding(session, command.required("binding")),
  "nwfilter-binding-dumpxml": async (session, command) =>
    noBinding(session, command.required("binding")),
  "nwfilter-binding-list": async (session) => {
    session.error("Failed to list network filter bindings");
    throw vmError("noSupport", "virConnectListAllNWFilterBindings");
  },
};

/** Bindings of filters to ports are what no driver of ours has. */
function noBinding(session: Session, name: string): never {
  session.error(`failed to get nwfilter binding '${name}'`);
  throw vmError("noSupport", "virNWFilterBindingLookupByPortDev");
}

function filterOf(
  session: Session,
  command: { required(name: "nwfilter"): string },
): Promise<NwFilterRef> {
  return findNwFilter(session, command.required("nwfilter"));
}
