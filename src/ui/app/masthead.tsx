/** The bar at the top: where home is, the language, the theme, the preferences. */
import {
  Button,
  Dropdown,
  DropdownItem,
  DropdownList,
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadLogo,
  MastheadMain,
  MenuToggle,
  type MenuToggleElement,
} from "@patternfly/react-core";
import CogIcon from "@patternfly/react-icons/dist/esm/icons/cog-icon";
import LanguageIcon from "@patternfly/react-icons/dist/esm/icons/language-icon";
import { type Ref, useState } from "react";
import { LANGUAGES, type Language } from "../i18n/languages.ts";
import { useApp } from "./context.tsx";
import { Logo } from "./logo.tsx";
import { LIST_HREF } from "./route.ts";

export function AppMasthead({ onPreferences }: { readonly onPreferences: () => void }) {
  const { t } = useApp();
  return (
    <Masthead className="tv-masthead" display={{ default: "inline" }}>
      <MastheadMain>
        <MastheadBrand>
          <MastheadLogo href={LIST_HREF} aria-label={t("app.home")} className="tv-logo">
            <Logo />
            <span className="tv-brand">{t("app.name")}</span>
          </MastheadLogo>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <span className="tv-tagline">{t("app.tagline")}</span>
        <span className="tv-masthead-tools">
          <LanguageMenu />
          <Button
            variant="plain"
            icon={<CogIcon />}
            aria-label={t("app.preferences")}
            onClick={onPreferences}
          />
        </span>
      </MastheadContent>
    </Masthead>
  );
}

function LanguageMenu() {
  const { t, language, preferences } = useApp();
  const [open, setOpen] = useState(false);
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      shouldFocusToggleOnSelect
      onSelect={(_, value) => {
        setOpen(false);
        preferences.change({ language: value as Language });
      }}
      popperProps={{ position: "end" }}
      toggle={(ref: Ref<MenuToggleElement>) => (
        <MenuToggle
          ref={ref}
          variant="plainText"
          icon={<LanguageIcon />}
          isExpanded={open}
          aria-label={t("app.language")}
          onClick={() => setOpen(!open)}
        >
          {LANGUAGES[language].ownName}
        </MenuToggle>
      )}
    >
      <DropdownList>
        {Object.entries(LANGUAGES).map(([tag, { ownName }]) => (
          <DropdownItem key={tag} value={tag} lang={tag} isSelected={tag === language}>
            {ownName}
          </DropdownItem>
        ))}
      </DropdownList>
    </Dropdown>
  );
}
