/** The page: masthead, the view that the address names, and what lies over it. */
import {
  Alert,
  AlertActionCloseButton,
  AlertGroup,
  SkipToContent,
  Spinner,
} from "@patternfly/react-core";
import { lazy, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { Connection } from "../../virt/connection.ts";
import type { Domain } from "../../virt/domain.ts";
import { LoadBoundary } from "../common/load-boundary.tsx";
import { DomainList } from "../domains/domain-list.tsx";
import { DomainView } from "../domains/domain-view.tsx";
import { translator } from "../i18n/catalogue.ts";
import { LANGUAGES, preferredLanguage } from "../i18n/languages.ts";
import type { PreferenceStore } from "../preferences/preferences.ts";
import { type AppContext, AppProvider, useApp, usePreferences } from "./context.tsx";
import { useLeaveGuard } from "./leave-guard.ts";
import { AppMasthead } from "./masthead.tsx";
import { type Missing } from "./missing.ts";
import { Notices } from "./notices.ts";
import { useRoute } from "./route.ts";
import { useDark, useThemeClass } from "./theme.ts";

const CreateDialog = lazy(() => import("../create/create-dialog.tsx"));
const StorageView = lazy(() => import("../storage/storage-view.tsx"));
const PreferencesDialog = lazy(() => import("../preferences/preferences-dialog.tsx"));

const MAIN_ID = "main";

interface Props {
  readonly connection: Connection;
  readonly preferences: PreferenceStore;
  /** What keeps machines from running here; null when nothing does. */
  readonly missing: Missing | null;
}

export function App({ connection, preferences, missing }: Props) {
  const { theme, language: wanted } = useSyncExternalStore(preferences.subscribe, preferences.get);
  const language = wanted === "auto" ? preferredLanguage(navigator.languages) : wanted;
  useThemeClass(useDark(theme));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const notices = useMemo(() => new Notices(), []);
  const context = useMemo<AppContext>(
    () => ({
      connection,
      preferences,
      notices,
      language,
      t: translator(LANGUAGES[language].catalogue),
    }),
    [connection, preferences, notices, language],
  );
  return (
    <AppProvider value={context}>
      <Shell missing={missing} />
    </AppProvider>
  );
}

/** Which dialog lies over the page. */
type Dialog = { kind: "create" } | { kind: "edit"; domain: Domain } | { kind: "preferences" };

function Shell({ missing }: { readonly missing: Missing | null }) {
  const { t } = useApp();
  const route = useRoute();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  const edit = (domain: Domain) => setDialog({ kind: "edit", domain });
  useLeaveGuard();
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
      <AppMasthead onPreferences={() => setDialog({ kind: "preferences" })} />
      <main id={MAIN_ID} className="tv-main" tabIndex={-1}>
        {missing && <MissingAlert missing={missing} />}
        {route.view === "list" && (
          <DomainList onCreate={() => setDialog({ kind: "create" })} onEdit={edit} />
        )}
        {route.view === "domain" && <DomainView uuid={route.uuid} tab={route.tab} onEdit={edit} />}
        {route.view === "storage" && <LoadedStorage uuid={route.uuid} />}
      </main>
      <LoadBoundary message={t("app.crashed")} kind={t("alert.danger")}>
        <Suspense>
          {dialog?.kind === "create" && <CreateDialog onClose={close} />}
          {dialog?.kind === "edit" && <CreateDialog domain={dialog.domain} onClose={close} />}
          {dialog?.kind === "preferences" && <PreferencesDialog onClose={close} />}
        </Suspense>
      </LoadBoundary>
      <NoticeList />
      <Title />
    </div>
  );
}

/** Not in the first load: most visits need no storage. */
function LoadedStorage({ uuid }: { readonly uuid: string | undefined }) {
  const { t } = useApp();
  return (
    <LoadBoundary message={t("storage.loadFailed")} kind={t("alert.danger")}>
      <Suspense
        fallback={<Spinner className="tv-centre" aria-label={t("app.loading")} aria-valuetext="" />}
      >
        <StorageView uuid={uuid} />
      </Suspense>
    </LoadBoundary>
  );
}

export function MissingAlert({ missing }: { readonly missing: Missing }) {
  const { t } = useApp();
  return (
    <Alert
      variant="danger"
      variantLabel={t("alert.danger")}
      isInline
      className="tv-missing"
      title={t("missing.title")}
    >
      <p>{t(missing.what as "missing.isolation")}</p>
      <p>{t(missing.fix as "missing.isolationFix")}</p>
    </Alert>
  );
}

/** Successes go away by themselves; errors stay until they are closed. */
const SUCCESS_MS = 3000;

export function NoticeList() {
  const { t, notices } = useApp();
  const list = useSyncExternalStore(notices.subscribe, notices.get);
  return (
    <AlertGroup isToast isLiveRegion>
      {list.map(({ id, variant, title, text }) => (
        <Alert
          key={id}
          variant={variant}
          variantLabel={t(`alert.${variant}`)}
          title={title}
          timeout={variant === "success" ? SUCCESS_MS : false}
          onTimeout={() => notices.remove(id)}
          actionClose={
            <AlertActionCloseButton
              aria-label={t("error.close")}
              onClose={() => notices.remove(id)}
            />
          }
        >
          {text}
        </Alert>
      ))}
    </AlertGroup>
  );
}

/** The tab's title names the machine that is shown. */
function Title() {
  const { t, connection } = useApp();
  const route = useRoute();
  usePreferences();
  const domain =
    route.view === "domain"
      ? connection.domains().find(({ definition }) => definition.uuid === route.uuid)
      : undefined;
  const name = route.view === "storage" ? t("storage.title") : domain?.definition.name;
  return <title>{name ? `${name} – ${t("app.name")}` : t("app.name")}</title>;
}
