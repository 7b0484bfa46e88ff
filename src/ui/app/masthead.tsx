/** The bar at the top: where home is, the language, the theme, the preferences. */
import { Button, DropdownItem, Label, Tooltip } from "@patternfly/react-core";
import CogIcon from "@patternfly/react-icons/dist/esm/icons/cog-icon";
import DatabaseIcon from "@patternfly/react-icons/dist/esm/icons/database-icon";
import LanguageIcon from "@patternfly/react-icons/dist/esm/icons/language-icon";
import { Menu } from "../common/menu.tsx";
import { LANGUAGES, type Language } from "../i18n/languages.ts";
import { useApp } from "./context.tsx";
import { Logo } from "./logo.tsx";
import { LIST_HREF, STORAGE_HREF } from "./route.ts";

export function AppMasthead({ onPreferences }: { readonly onPreferences: () => void }) {
  const { t, connection } = useApp();
  return (
    <header className="tv-masthead">
      <a href={LIST_HREF} aria-label={t("app.home")} className="tv-logo">
        <Logo />
        <span className="tv-brand">{t("app.name")}</span>
      </a>
      <span className="tv-tagline">{t("app.tagline")}</span>
      <span className="tv-masthead-tools">
        <Button
          variant="plain"
          component="a"
          href={STORAGE_HREF}
          className="tv-tool-text"
          aria-label={t("storage.title")}
          icon={<DatabaseIcon />}
        >
          {t("storage.title")}
        </Button>
        {connection.uri.startsWith("test:") && (
          <Tooltip content={t("app.testConnection")}>
            <Label color="yellow" tabIndex={0}>
              {t("app.test")}
            </Label>
          </Tooltip>
        )}
        <LanguageMenu />
        <Button
          variant="plain"
          icon={<CogIcon />}
          aria-label={t("app.preferences")}
          onClick={onPreferences}
        />
      </span>
    </header>
  );
}

function LanguageMenu() {
  const { t, language, preferences } = useApp();
  return (
    <Menu
      variant="plainText"
      icon={<LanguageIcon />}
      label={LANGUAGES[language].ownName}
      accessibleName={`${t("app.language")}: ${LANGUAGES[language].ownName}`}
      onChosen={(value) => preferences.change({ language: value as Language })}
    >
      {Object.entries(LANGUAGES).map(([tag, { ownName }]) => (
        <DropdownItem key={tag} value={tag} lang={tag} isSelected={tag === language}>
          {ownName}
        </DropdownItem>
      ))}
    </Menu>
  );
}
