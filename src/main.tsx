/** Wires host, management and page. */
import "@patternfly/react-core/dist/styles/base.css";
import "./ui/styles.css";
import { createRoot } from "react-dom/client";
import { ensureIsolation, keepForOffline } from "./page/service-worker.ts";
import { connect } from "./page/connect.ts";
import { App } from "./ui/app/app.tsx";
import { firstMissing, thisEnvironment } from "./ui/app/missing.ts";
import { OpenFailed } from "./ui/app/open-failed.tsx";
import { PreferenceStore } from "./ui/preferences/preferences.ts";

async function main(): Promise<void> {
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no element #root");
  if (await ensureIsolation()) return;
  const preferences = new PreferenceStore();
  const missing = firstMissing(thisEnvironment());
  const page = createRoot(root);
  const query = new URLSearchParams(location.search);
  try {
    if (query.get("ui") === "next") {
      const { openManager } = await import("./page/open-manager.ts");
      const { App: Shell } = await import("./ui/shell/app.tsx");
      const opened = await openManager(query, TABVISOR_VERSION);
      page.render(<Shell {...opened} {...{ preferences, missing }} />);
      return;
    }
    const connection = await connect(query);
    page.render(<App {...{ connection, preferences, missing }} />);
  } catch (error) {
    page.render(<OpenFailed error={error} preferences={preferences} />);
  }
}

void main();
keepForOffline();
