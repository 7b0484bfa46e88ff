/** Wires host, management and page. */
import "@patternfly/react-core/dist/styles/base.css";
import "./ui/styles.css";
import { createRoot } from "react-dom/client";
import { ensureIsolation, keepForOffline } from "./page/service-worker.ts";
import { openManager } from "./page/open-manager.ts";
import { App } from "./ui/shell/app.tsx";
import { firstMissing, thisEnvironment } from "./ui/app/missing.ts";
import { OpenFailed } from "./ui/app/open-failed.tsx";
import { chosenLanguage, loadCatalogue } from "./ui/i18n/languages.ts";
import { PreferenceStore } from "./ui/preferences/preferences.ts";

async function main(): Promise<void> {
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no element #root");
  if (await ensureIsolation()) return;
  const preferences = new PreferenceStore();
  const missing = firstMissing(thisEnvironment());
  const page = createRoot(root);
  // Without its messages the page speaks English.
  await loadCatalogue(chosenLanguage(preferences.get().language)).catch(() => {});
  try {
    const opened = await openManager(new URLSearchParams(location.search), TABVISOR_VERSION);
    page.render(<App {...opened} {...{ preferences, missing }} />);
  } catch (error) {
    page.render(<OpenFailed error={error} preferences={preferences} />);
  }
}

void main();
keepForOffline();
