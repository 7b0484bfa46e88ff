/** Shown in place of everything when there is no connection to show. */
import { Button, EmptyState, EmptyStateBody, EmptyStateFooter } from "@patternfly/react-core";
import ExclamationCircleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon";
import { errorText } from "../common/error-text.ts";
import { translator } from "../i18n/catalogue.ts";
import { catalogueOf, chosenLanguage } from "../i18n/languages.ts";
import type { PreferenceStore } from "../preferences/preferences.ts";
import { useDark, useThemeClass } from "./theme.ts";

interface Props {
  readonly error: unknown;
  readonly preferences: PreferenceStore;
}

export function OpenFailed({ error, preferences }: Props) {
  const { theme, language: wanted } = preferences.get();
  const t = translator(catalogueOf(chosenLanguage(wanted)));
  useThemeClass(useDark(theme));
  return (
    <EmptyState
      status="danger"
      icon={ExclamationCircleIcon}
      titleText={t("app.openFailed")}
      headingLevel="h1"
    >
      <EmptyStateBody>{errorText(error)}</EmptyStateBody>
      <EmptyStateFooter>
        <Button onClick={() => location.reload()}>{t("app.reload")}</Button>
      </EmptyStateFooter>
    </EmptyState>
  );
}
