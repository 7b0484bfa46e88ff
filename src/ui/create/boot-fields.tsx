/** What to boot: a built-in image with its command line, or one's own files. */
import {
  Alert,
  Checkbox,
  FormGroup,
  FormSelect,
  FormSelectOption,
  Radio,
  TextArea,
  ToggleGroup,
  ToggleGroupItem,
} from "@patternfly/react-core";
import type { GuestManifest } from "../../virt/guest-manifest.ts";
import { useApp } from "../app/context.tsx";
import { useGuests } from "../common/use-guests.ts";
import { type Draft, guessRole, type Role, ROLES, withGuest } from "./draft.ts";
import { FieldProblem } from "./field-problem.tsx";
import { ImageField } from "./image-field.tsx";
import type { FieldProps } from "./machine-fields.tsx";
import { WhyFast } from "./why-fast.tsx";

export function BootFields(props: FieldProps) {
  const { t } = useApp();
  const { draft, change } = props;
  return (
    <>
      <FormGroup label={t("create.source")} fieldId="create-source-guest">
        <ToggleGroup aria-label={t("create.source")}>
          <ToggleGroupItem
            text={t("create.sourceGuest")}
            buttonId="create-source-guest"
            isSelected={draft.source === "guest"}
            onChange={() => change({ source: "guest" })}
          />
          <ToggleGroupItem
            text={t("create.sourceFiles")}
            buttonId="create-source-files"
            isSelected={draft.source === "files"}
            onChange={() => change({ source: "files" })}
          />
        </ToggleGroup>
      </FormGroup>
      {draft.source === "guest" ? <GuestFields {...props} /> : <FileFields {...props} />}
    </>
  );
}

function GuestFields({ draft, change }: FieldProps) {
  const { t } = useApp();
  const { list, error } = useGuests();
  const guest = list.find(({ name }) => name === draft.guest);
  return (
    <>
      {error !== null && (
        <Alert
          variant="warning"
          variantLabel={t("alert.warning")}
          isInline
          isPlain
          title={t("create.guestsFailed")}
        >
          {error}
        </Alert>
      )}
      {list.length > 1 && (
        <FormGroup label={t("create.guest")} fieldId="create-guest">
          <FormSelect
            id="create-guest"
            value={draft.guest}
            onChange={(_, value) => change(withGuest(draft, value, list))}
          >
            {list.map(({ name, title }) => (
              <FormSelectOption key={name} value={name} label={title} />
            ))}
          </FormSelect>
        </FormGroup>
      )}
      <CommandLineFields draft={draft} change={change} guest={guest} />
    </>
  );
}

interface LineProps {
  readonly draft: Draft;
  readonly change: (changes: Partial<Draft>) => void;
  readonly guest: GuestManifest | undefined;
}

function CommandLineFields({ draft, change, guest }: LineProps) {
  const { t } = useApp();
  const radio = (line: Draft["line"], label: string, description: string) => (
    <Radio
      id={`create-line-${line}`}
      name="line"
      label={label}
      description={description}
      isChecked={draft.line === line}
      onChange={() => change(line === "custom" ? customised(draft, guest) : { line })}
    />
  );
  return (
    <FormGroup label={t("create.commandLine")} role="radiogroup" isStack fieldId="create-line">
      {radio("fast", t("create.fast"), t("create.fastHint"))}
      {radio("stock", t("create.stock"), t("create.stockHint"))}
      {radio("custom", t("create.custom"), t("create.customHint"))}
      {draft.line === "custom" && (
        <AppendArea value={draft.custom} onChange={(custom) => change({ custom })} />
      )}
      {draft.line !== "custom" && guest && (
        <code className="tv-line">{guest.boots[draft.line].append}</code>
      )}
      {draft.line === "fast" && guest && <WhyFast guest={guest} />}
    </FormGroup>
  );
}

/** One's own line begins as the line chosen before. */
function customised({ line, custom }: Draft, guest: GuestManifest | undefined): Partial<Draft> {
  if (custom !== "" || !guest || line === "custom") return { line: "custom" };
  return { line: "custom", custom: guest.boots[line].append };
}

function FileFields({ draft, change, problems }: FieldProps) {
  const { t, connection } = useApp();
  const { imagesPersist } = connection.capabilities;
  const set = (role: Role, file: File | undefined) => {
    const { [role]: _, ...others } = draft.files;
    change({ files: file ? { ...others, [role]: file } : others });
  };
  /** Several files dropped at once find their places by their names. */
  const drop = (role: Role, dropped: readonly File[]) => {
    const [only] = dropped;
    if (dropped.length === 1 && only) return set(role, only);
    const byRole = Object.fromEntries(dropped.map((file) => [guessRole(file.name), file]));
    change({ files: { ...draft.files, ...byRole } });
  };
  return (
    <>
      <div className="tv-images">
        {ROLES.map((role) => (
          <ImageField
            key={role}
            role={role}
            picked={draft.files[role]}
            onPick={(files) => drop(role, files)}
            onRemove={() => set(role, undefined)}
          />
        ))}
        <FieldProblem
          id="create-boot-problem"
          field="boot"
          problems={problems}
          hint={t(imagesPersist ? "create.filesKept" : "create.filesSession")}
        />
      </div>
      <Checkbox
        id="create-efi"
        label={t("create.efi")}
        description={t("create.efiHint")}
        isChecked={draft.efi}
        onChange={(_, efi) => change({ efi })}
      />
      <FormGroup label={t("create.append")} fieldId="create-append">
        <AppendArea value={draft.append} onChange={(append) => change({ append })} />
      </FormGroup>
    </>
  );
}

interface AppendProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function AppendArea({ value, onChange }: AppendProps) {
  const { t } = useApp();
  return (
    <TextArea
      id="create-append"
      className="tv-mono"
      aria-label={t("create.commandLine")}
      rows={2}
      resizeOrientation="vertical"
      spellCheck={false}
      value={value}
      onChange={(_, text) => onChange(text.replace(/[\r\n]+/g, " "))}
    />
  );
}
