/** A size as a number and a unit. */
import { FormGroup, FormSelect, FormSelectOption, TextInput } from "@patternfly/react-core";
import { useT } from "../app/context.tsx";
import { FieldNote } from "./form-dialog.tsx";

const UNITS = [
  { name: "MiB", bytes: 2 ** 20 },
  { name: "GiB", bytes: 2 ** 30 },
  { name: "TiB", bytes: 2 ** 40 },
] as const;

export interface Size {
  readonly text: string;
  /** An index of UNITS. */
  readonly unit: number;
}

/** Bytes; NaN for what is no number. Whole sectors, as disks have them. */
export function sizeBytes({ text, unit }: Size): number {
  const value = text.trim() === "" ? Number.NaN : Number(text.trim());
  return Math.round((value * (UNITS[unit]?.bytes ?? 1)) / 512) * 512;
}

export function isSize(size: Size): boolean {
  const bytes = sizeBytes(size);
  return bytes > 0 && Number.isSafeInteger(bytes);
}

/** The largest unit that a size is a whole, or nearly whole, number of. */
export function sizeOf(bytes: number): Size {
  const fits = UNITS.findLastIndex((unit) => bytes >= unit.bytes);
  const unit = Math.max(0, fits);
  const value = bytes / (UNITS[unit]?.bytes ?? 1);
  return { text: String(Math.round(value * 1000) / 1000), unit };
}

interface Props {
  readonly id: string;
  readonly size: Size;
  readonly onChange: (size: Size) => void;
  readonly shown: boolean;
}

export function SizeField({ id, size, onChange, shown }: Props) {
  const t = useT();
  const problem = shown && !isSize(size) ? t("volume.problem.size") : undefined;
  return (
    <FormGroup label={t("volume.capacity")} fieldId={id} isRequired>
      <div className="tv-size">
        <TextInput
          id={id}
          isRequired
          inputMode="decimal"
          autoComplete="off"
          value={size.text}
          validated={problem === undefined ? "default" : "error"}
          aria-describedby={`${id}-note`}
          onChange={(_, text) => onChange({ ...size, text })}
        />
        <FormSelect
          aria-label={t("volume.unit")}
          value={size.unit}
          onChange={(_, unit) => onChange({ ...size, unit: Number(unit) })}
        >
          {UNITS.map(({ name }, index) => (
            <FormSelectOption key={name} value={index} label={name} />
          ))}
        </FormSelect>
      </div>
      <FieldNote id={`${id}-note`} problem={problem} />
    </FormGroup>
  );
}
