/** Wires host, management and page. */
import "@patternfly/react-core/dist/styles/base.css";
import "./ui/styles.css";
import { createRoot } from "react-dom/client";
import { ensureIsolation } from "./page/isolation.ts";
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
  try {
    const connection = await connect(new URLSearchParams(location.search));
    page.render(<App {...{ connection, preferences, missing }} />);
  } catch (error) {
    page.render(<OpenFailed error={error} preferences={preferences} />);
  }
}

void main();
