/** All machines of the connection. */
import "./manager.css";
import { Title } from "@patternfly/react-core";
import {
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { Manager } from "../../virt/manager/manager.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useApp, usePreferences } from "../app/context.tsx";
import type { Graph } from "../preferences/preferences.ts";
import { useDomains, useManager, useShell } from "../shell/context.tsx";
import { go } from "../shell/route.ts";
import { useVerbs } from "../verbs/verbs.tsx";
import { arrange, type Group, type Order, type SortBy } from "./arrange.ts";
import { figureOf, Peaks } from "./figures.ts";
import { ManagerToolbar } from "./manager-toolbar.tsx";
import { NoDomains, NoMatch } from "./no-domains.tsx";
import { RowMenu } from "./row-menu.tsx";
import { matches, parseSearch } from "./search.ts";
import { keepOnly, NOTHING, type Selection } from "./selection.ts";
import type { MenuAnchor, TableActions } from "./use-table-events.ts";
import { VmTable } from "./vm-table.tsx";

/** Between two samples of counters. */
const PERIOD_MS = 1000;

interface OpenMenu {
  readonly anchor: MenuAnchor;
  readonly uuids: readonly string[];
}

export function ManagerView() {
  const { t } = useApp();
  const domains = useDomains();
  const [search, setSearch] = useState("");
  const searchRef = useRef<HTMLInputElement>(null);
  const [selection, setSelection] = useSelection(domains);
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const groups = useGroups(domains, useDeferredValue(search));
  const peaks = usePeaks(domains);
  const onMenu = useCallback(
    (uuids: readonly string[], anchor: MenuAnchor) => setMenu({ uuids, anchor }),
    [],
  );
  const pick = (uuids: Iterable<string>) => {
    const wanted = new Set(uuids);
    return domains.filter(({ uuid }) => wanted.has(uuid));
  };
  return (
    <div className="tv-manager">
      <Title headingLevel="h1">{t("shell.manager")}</Title>
      <ManagerToolbar
        chosen={pick(selection.chosen)}
        {...{ search, searchRef }}
        onSearch={setSearch}
      />
      {domains.length === 0 ? (
        <NoDomains />
      ) : (
        <Machines {...{ groups, peaks, selection, onMenu }} onSelect={setSelection} />
      )}
      {domains.length > 0 && groups.length === 0 && (
        <NoMatch search={search.trim()} onClear={() => setSearch("")} />
      )}
      <RowMenu
        anchor={menu?.anchor ?? null}
        domains={pick(menu?.uuids ?? [])}
        onClose={() => setMenu(null)}
      />
    </div>
  );
}

interface MachinesProps {
  readonly groups: readonly Group[];
  readonly peaks: Peaks;
  readonly selection: Selection;
  readonly onSelect: (selection: Selection) => void;
  readonly onMenu: (uuids: readonly string[], anchor: MenuAnchor) => void;
}

function Machines(props: MachinesProps) {
  const { preferences } = useApp();
  const { managerGraphs } = usePreferences();
  const order = useOrder();
  const onSort = useCallback(
    (by: SortBy) => {
      const { managerSortBy, managerSortDown } = preferences.get();
      // Of figures, the greatest are looked for.
      const down = by === managerSortBy ? !managerSortDown : by !== "name" && by !== "state";
      preferences.change({ managerSortBy: by, managerSortDown: down });
    },
    [preferences],
  );
  return (
    <VmTable
      {...props}
      {...{ order, onSort }}
      graphs={managerGraphs}
      doing={useDoing()}
      actions={useTableActions()}
    />
  );
}

function useOrder(): Order {
  const { managerGroupBy, managerSortBy, managerSortDown } = usePreferences();
  return useMemo(
    () => ({ groupBy: managerGroupBy, sortBy: managerSortBy, down: managerSortDown }),
    [managerGroupBy, managerSortBy, managerSortDown],
  );
}

/** Those that match, in order. Figures are looked at anew only where they decide of the order. */
function useGroups(domains: readonly ManagedDomain[], search: string): readonly Group[] {
  const { t } = useApp();
  const { stats, host } = useManager();
  const order = useOrder();
  const byFigure = order.sortBy !== "name" && order.sortBy !== "state";
  const [samples, setSamples] = useState(0);
  useEffect(
    () => (byFigure ? stats.subscribe(() => setSamples((count) => count + 1)) : undefined),
    [byFigure, stats],
  );
  return useMemo(() => {
    const terms = parseSearch(search);
    const found = domains.filter((each) =>
      matches(each, terms, (state) => t(`domainState.${state}`)),
    );
    const figure = (uuid: string, graph: Graph): number | null =>
      figureOf(graph, stats.samples(uuid), host.cpus);
    return arrange(found, order, figure);
    // oxlint-disable-next-line react/exhaustive-deps
  }, [domains, search, order, samples, t, stats, host]);
}

/** What is chosen, without what is gone. */
function useSelection(
  domains: readonly ManagedDomain[],
): [Selection, (selection: Selection) => void] {
  const [selection, setSelection] = useState(NOTHING);
  const kept = useMemo(
    () => keepOnly(selection, new Set(domains.map(({ uuid }) => uuid))),
    [selection, domains],
  );
  return [kept, setSelection];
}

/** Watches counters while the manager is shown. */
function usePeaks(domains: readonly ManagedDomain[]): Peaks {
  const manager = useManager();
  const peaks = useMemo(() => new Peaks(), []);
  const latest = useRef(domains);
  useEffect(() => {
    latest.current = domains;
  }, [domains]);
  useEffect(() => {
    const { stats } = manager;
    const stopHearing = stats.subscribe(() => {
      for (const { uuid } of latest.current) peaks.take(stats.samples(uuid));
    });
    const stopWatching = manager.watchStats(PERIOD_MS);
    return () => {
      stopHearing();
      stopWatching();
    };
  }, [manager, peaks]);
  return peaks;
}

/** The title of the task under way, by domain. */
function useDoing(): ReadonlyMap<string, string> {
  const { tasks } = useShell();
  const list = useSyncExternalStore(tasks.subscribe, tasks.get);
  return useMemo(
    () =>
      new Map(
        list.flatMap(({ state, subject, title }): [string, string][] =>
          state === "running" && subject !== null ? [[subject, title]] : [],
        ),
      ),
    [list],
  );
}

function useTableActions(): TableActions {
  const manager = useManager();
  const verbs = useVerbs();
  return useMemo(() => {
    const domains = (uuids: readonly string[]) => known(manager, uuids);
    return {
      open: (uuid) => go({ view: "vm", uuid, tab: "console" }),
      remove: (uuids) => verbs.ask("undefine", domains(uuids)),
      editLabels: (uuids) => verbs.ask("labels", domains(uuids)),
    };
  }, [manager, verbs]);
}

function known(manager: Manager, uuids: readonly string[]): readonly ManagedDomain[] {
  return uuids.flatMap((uuid) => manager.domain(uuid) ?? []);
}
