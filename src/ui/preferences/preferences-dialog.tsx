/** The user's preferences; every change takes effect at once. */
import {
  Button,
  Checkbox,
  Form,
  FormGroup,
  FormSection,
  FormSelect,
  FormSelectOption,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  NumberInput,
  Switch,
} from "@patternfly/react-core";
import { useApp, usePreferences } from "../app/context.tsx";
import { LANGUAGES } from "../i18n/languages.ts";
import { DEFAULTS, FONT_SIZE, type Preferences, SCROLLBACK } from "./preferences.ts";

export default function PreferencesDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, preferences } = useApp();
  return (
    <Modal
      isOpen
      variant="small"
      aria-labelledby="preferences-title"
      elementToFocus="#preferences-theme"
      onEscapePress={onClose}
    >
      <ModalHeader title={t("preferences.title")} labelId="preferences-title" />
      <ModalBody tabIndex={0} aria-labelledby="preferences-title">
        <Form onSubmit={(event) => event.preventDefault()}>
          <Appearance />
          <Console />
          <Confirmations />
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button onClick={onClose}>{t("action.close")}</Button>
        <Button variant="link" onClick={() => preferences.change(DEFAULTS)}>
          {t("preferences.restore")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

interface ChoiceProps<Key extends keyof Preferences> {
  readonly preference: Key;
  readonly label: string;
  readonly options: readonly (readonly [value: Preferences[Key] & string, label: string])[];
}

function Choice<Key extends "theme" | "language" | "consoleColours">(props: ChoiceProps<Key>) {
  const { preferences } = useApp();
  const value = usePreferences()[props.preference];
  const id = `preferences-${props.preference}`;
  return (
    <FormGroup label={props.label} fieldId={id}>
      <FormSelect
        id={id}
        value={value}
        onChange={(_, chosen) => preferences.change({ [props.preference]: chosen })}
      >
        {props.options.map(([each, label]) => (
          <FormSelectOption key={each} value={each} label={label} />
        ))}
      </FormSelect>
    </FormGroup>
  );
}

function Appearance() {
  const { t } = useApp();
  return (
    <FormSection title={t("preferences.appearance")} titleElement="h2">
      <Choice
        preference="theme"
        label={t("preferences.theme")}
        options={[
          ["system", t("preferences.theme.system")],
          ["light", t("preferences.theme.light")],
          ["dark", t("preferences.theme.dark")],
        ]}
      />
      <Choice
        preference="language"
        label={t("preferences.language")}
        options={[
          ["auto", t("preferences.languageAuto")],
          ["en", LANGUAGES.en.ownName],
          ["zh-Hans", LANGUAGES["zh-Hans"].ownName],
        ]}
      />
    </FormSection>
  );
}

function Console() {
  const { t } = useApp();
  return (
    <FormSection title={t("preferences.console")} titleElement="h2">
      <Amount
        preference="fontSize"
        label={t("preferences.fontSize")}
        unit={t("preferences.fontSizeUnit")}
        range={{ ...FONT_SIZE, step: 1 }}
      />
      <Amount
        preference="scrollback"
        label={t("preferences.scrollback")}
        unit={t("preferences.scrollbackUnit")}
        range={SCROLLBACK}
      />
      <Choice
        preference="consoleColours"
        label={t("preferences.consoleColours")}
        options={[
          ["dark", t("preferences.consoleColours.dark")],
          ["page", t("preferences.consoleColours.page")],
        ]}
      />
      <Toggle preference="gpu" label={t("preferences.gpu")} />
      <Toggle preference="screenReader" label={t("preferences.screenReader")} />
    </FormSection>
  );
}

interface AmountProps {
  readonly preference: "fontSize" | "scrollback";
  readonly label: string;
  readonly unit: string;
  readonly range: { readonly min: number; readonly max: number; readonly step: number };
}

function Amount({ preference, label, unit, range }: AmountProps) {
  const { t, preferences } = useApp();
  const value = usePreferences()[preference];
  const id = `preferences-${preference}`;
  const set = (wanted: number) => {
    if (Number.isNaN(wanted)) return;
    preferences.change({ [preference]: Math.min(range.max, Math.max(range.min, wanted)) });
  };
  return (
    <FormGroup label={label} fieldId={id}>
      <NumberInput
        inputProps={{ id, inputMode: "numeric" }}
        inputAriaLabel={label}
        unit={unit}
        widthChars={6}
        value={value}
        min={range.min}
        max={range.max}
        minusBtnAriaLabel={t("create.less", { what: label })}
        plusBtnAriaLabel={t("create.more", { what: label })}
        onMinus={() => set(value - range.step)}
        onPlus={() => set(value + range.step)}
        onChange={(event) => set(event.currentTarget.valueAsNumber)}
      />
    </FormGroup>
  );
}

interface ToggleProps {
  readonly preference: "gpu" | "screenReader";
  readonly label: string;
}

function Toggle({ preference, label }: ToggleProps) {
  const { preferences } = useApp();
  const checked = usePreferences()[preference];
  return (
    <Switch
      id={`preferences-${preference}`}
      label={label}
      isChecked={checked}
      onChange={(_, value) => preferences.change({ [preference]: value })}
    />
  );
}

function Confirmations() {
  const { t, preferences } = useApp();
  const now = usePreferences();
  const boxes = [
    ["confirmReset", t("preferences.confirmReset")],
    ["confirmForceOff", t("preferences.confirmForceOff")],
    ["confirmPowerOff", t("preferences.confirmPowerOff")],
    ["confirmPause", t("preferences.confirmPause")],
    ["confirmDeleteStorage", t("preferences.confirmDeleteStorage")],
    ["confirmLeave", t("preferences.confirmLeave")],
  ] as const;
  return (
    <FormSection title={t("preferences.confirmations")} titleElement="h2">
      {boxes.map(([preference, label]) => (
        <Checkbox
          key={preference}
          id={`preferences-${preference}`}
          label={label}
          isChecked={now[preference]}
          onChange={(_, value) => preferences.change({ [preference]: value })}
        />
      ))}
    </FormSection>
  );
}
