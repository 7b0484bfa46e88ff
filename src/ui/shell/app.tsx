/** The page: masthead, the view that the address names, the terminal, and what lies over them. */
import "./shell.css";
import { SkipToContent, Spinner } from "@patternfly/react-core";
import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import { useSyncExternalStore } from "react";
import { type AppContext, AppProvider, useApp } from "../app/context.tsx";
import { MissingAlert } from "../app/missing-alert.tsx";
import { NoticeList } from "../app/notice-list.tsx";
import type { Missing } from "../app/missing.ts";
import { Notices } from "../app/notices.ts";
import { useDark, useThemeClass } from "../app/theme.ts";
import { LoadBoundary } from "../common/load-boundary.tsx";
import { translator } from "../i18n/catalogue.ts";
import { catalogueOf } from "../i18n/languages.ts";
import { useLanguage } from "../i18n/use-language.ts";
import { ManagerView } from "../manager/manager-view.tsx";
import type { PreferenceStore } from "../preferences/preferences.ts";
import { type ShellContext, ShellProvider, useManager } from "./context.tsx";
import { useLeaveGuard } from "./leave-guard.ts";
import { ShellMasthead } from "./masthead.tsx";
import { hrefOf, leave, type Route, useOrigins, useRoute } from "./route.ts";
import { Tasks } from "./tasks.ts";
import { useMovedNotice } from "./use-moved-notice.ts";
import { VerbsProvider } from "../verbs/verbs.tsx";

const VmView = lazy(() => import("../vm/vm-view.tsx"));
const ConsoleWindow = lazy(() => import("../vm/console/console-window.tsx"));
const ConnectionView = lazy(() => import("../connection/connection-view.tsx"));
const CreateVm = lazy(() => import("../create-vm/create-vm.tsx"));
const PreferencesDialog = lazy(() => import("../preferences/preferences-dialog.tsx"));
const TaskLog = lazy(() => import("./task-log.tsx"));
const TerminalPanel = lazy(() => import("../terminal/terminal-panel.tsx"));

const MAIN_ID = "main";

interface Props extends Omit<ShellContext, "tasks"> {
  readonly preferences: PreferenceStore;
  /** What keeps machines from running here; null when nothing does. */
  readonly missing: Missing | null;
}

export function App({ preferences, missing, ...opened }: Props) {
  const { theme, language: wanted } = useSyncExternalStore(preferences.subscribe, preferences.get);
  const language = useLanguage(wanted);
  useThemeClass(useDark(theme));
  const [notices] = useState(() => new Notices());
  const app = useMemo<AppContext>(
    () => ({
      preferences,
      notices,
      language,
      t: translator(catalogueOf(language)),
    }),
    [preferences, notices, language],
  );
  const [tasks] = useState(() => new Tasks());
  const { manager, guests, holdsMachines, onHostMoved, pickFolder, runTerminal } = opened;
  const shell = useMemo(
    () => ({ manager, guests, holdsMachines, onHostMoved, pickFolder, runTerminal, tasks }),
    [manager, guests, holdsMachines, onHostMoved, pickFolder, runTerminal, tasks],
  );
  return (
    <AppProvider value={app}>
      <ShellProvider value={shell}>
        <VerbsProvider>
          <Frame missing={missing} />
        </VerbsProvider>
      </ShellProvider>
    </AppProvider>
  );
}

function Frame({ missing }: { readonly missing: Missing | null }) {
  const { t } = useApp();
  const route = useRoute();
  const [terminal, setTerminal] = useState(false);
  const [taskLog, setTaskLog] = useState(false);
  const closeTaskLog = () => {
    setTaskLog(false);
    document.getElementById("task-button")?.focus();
  };
  useLeaveGuard();
  useMovedNotice();
  const under = useUnder(route);
  useOrigins();
  const back = () => leave(under);
  if (route.view === "console") {
    return (
      <Loaded>
        <ConsoleWindow uuid={route.uuid} device={route.device} />
      </Loaded>
    );
  }
  return (
    <div className="tv-page">
      <SkipToContent
        onClick={(event) => {
          event.preventDefault();
          document.getElementById(MAIN_ID)?.focus();
        }}
        href={`#${MAIN_ID}`}
      >
        {t("app.skipToContent")}
      </SkipToContent>
      <ShellMasthead
        {...{ terminal, taskLog }}
        onTerminal={() => setTerminal(!terminal)}
        onTaskLog={() => setTaskLog(!taskLog)}
      />
      <main id={MAIN_ID} className="tv-main" tabIndex={-1}>
        {missing && <MissingAlert missing={missing} />}
        <Loaded>
          <View route={under} />
        </Loaded>
      </main>
      {terminal && (
        <Loaded>
          <TerminalPanel onClose={() => setTerminal(false)} />
        </Loaded>
      )}
      {taskLog && (
        <Loaded>
          <TaskLog onClose={closeTaskLog} />
        </Loaded>
      )}
      <Loaded>
        {route.view === "new" && <CreateVm onClose={back} />}
        {route.view === "preferences" && <PreferencesDialog onClose={back} />}
      </Loaded>
      <NoticeList />
      <Title route={under} />
    </div>
  );
}

/** The view that a dialog lies over: the one before it. */
function useUnder(route: Route): Route {
  const [under, setUnder] = useState<Route>({ view: "manager" });
  const isDialog = route.view === "new" || route.view === "preferences";
  if (isDialog || hrefOf(route) === hrefOf(under)) return under;
  setUnder(route);
  return route;
}

function View({ route }: { readonly route: Route }) {
  switch (route.view) {
    case "vm":
      return <VmView uuid={route.uuid} tab={route.tab} item={route.item} />;
    case "connection":
      return <ConnectionView route={route} />;
    default:
      return <ManagerView />;
  }
}

function Loaded({ children }: { readonly children: ReactNode }) {
  const { t } = useApp();
  return (
    <LoadBoundary message={t("app.crashed")} kind={t("alert.danger")}>
      <Suspense
        fallback={<Spinner className="tv-centre" aria-label={t("app.loading")} aria-valuetext="" />}
      >
        {children}
      </Suspense>
    </LoadBoundary>
  );
}

/** The tab's title names what is shown. */
function Title({ route }: { readonly route: Route }) {
  const { t } = useApp();
  const manager = useManager();
  const name =
    route.view === "vm"
      ? manager.domain(route.uuid)?.name
      : route.view === "connection"
        ? t("shell.connection")
        : undefined;
  return <title>{name === undefined ? t("app.name") : `${name} – ${t("app.name")}`}</title>;
}
