/** The fields of a table: the plain ones, and below them those for experts. */
import { ExpandableSection } from "@patternfly/react-core";
import { useState } from "react";
import { useT } from "../../app/context.tsx";
import { type Field, fieldsFor, type Values } from "./model/fields.ts";
import { ChoiceRow, FixedRow, FlagRow, TextRow } from "./rows.tsx";

interface Props {
  readonly fields: readonly Field[];
  readonly values: Values;
  readonly set: (change: Values) => void;
  /** Options of choices that the driver narrows, by the field's key. */
  readonly narrowed?: Readonly<Record<string, readonly string[] | null>>;
}

export function TableFields({ fields, values, set, narrowed }: Props) {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  // What cannot be changed and is not known yet, as a new device's index, is nothing to show.
  const shown = fieldsFor(fields, values).filter(
    ({ key, input }) => input.kind !== "fixed" || (values[key] ?? "") !== "",
  );
  const advanced = shown.filter(({ isAdvanced }) => isAdvanced);
  const row = (field: Field) => (
    <TableField
      key={field.key}
      field={field}
      value={values[field.key] ?? ""}
      options={narrowed?.[field.key] ?? null}
      onChange={(value) => set({ [field.key]: value })}
    />
  );
  return (
    <>
      {shown.filter(({ isAdvanced }) => isAdvanced !== true).map(row)}
      {advanced.length > 0 && (
        <ExpandableSection
          toggleText={t("hw.advanced")}
          isExpanded={isOpen}
          onToggle={(_, open) => setOpen(open)}
        >
          {/* Closed, its fields are not there for anybody. */}
          {isOpen && <div className="tv-hw-advanced">{advanced.map(row)}</div>}
        </ExpandableSection>
      )}
    </>
  );
}

interface FieldProps {
  readonly field: Field;
  readonly value: string;
  readonly options: readonly string[] | null;
  readonly onChange: (value: string) => void;
}

function TableField({ field, value, options, onChange }: FieldProps) {
  const t = useT();
  const { key, label, input, hint } = field;
  const row = {
    id: `hw-${key}`,
    label: t(label),
    value,
    onChange,
    hint: hint && t(hint),
  };
  switch (input.kind) {
    case "choice": {
      const words = (options ?? input.options).map((word) => [word, word] as const);
      const none = input.required ? [] : [["", t("hw.default")] as const];
      return <ChoiceRow {...row} options={[...none, ...words]} />;
    }
    case "flag":
      return <FlagRow {...row} />;
    case "fixed":
      return <FixedRow {...row} />;
    default:
      return <TextRow {...row} type={input.kind} />;
  }
}
