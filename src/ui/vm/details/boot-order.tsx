/** Which devices are booted from, first first: chosen by check boxes, moved by buttons. */
/* oxlint-disable jsx-a11y/prefer-tag-over-role -- this is how PatternFly names a group of fields */
import { Button, Checkbox, FormGroup } from "@patternfly/react-core";
import ArrowDownIcon from "@patternfly/react-icons/dist/esm/icons/arrow-down-icon";
import ArrowUpIcon from "@patternfly/react-icons/dist/esm/icons/arrow-up-icon";
import { flushSync } from "react-dom";
import type { XmlElement } from "../../../virt/xml/element.ts";
import { useT } from "../../app/context.tsx";
import { bootableIds, orderOf } from "./model/boot.ts";
import { devicesIn } from "./model/hardware.ts";
import { deviceLabel } from "./model/hardware-label.ts";

interface Props {
  readonly definition: XmlElement;
  /** Ids, a line each. */
  readonly order: string;
  readonly onChange: (order: string) => void;
}

export function BootOrder({ definition, order, onChange }: Props) {
  const t = useT();
  const chosen = orderOf({ order });
  const others = bootableIds(definition).filter((id) => !chosen.includes(id));
  const devices = devicesIn(definition, null);
  const change = (ids: readonly string[]): void => onChange(ids.join("\n"));
  const swap = (at: number, by: number): void => {
    const ids = [...chosen];
    const [id] = ids.splice(at, 1);
    if (id !== undefined) ids.splice(at + by, 0, id);
    change(ids);
  };
  const labelOf = (id: string): string => {
    const device = devices.find((each) => each.id === id);
    return device ? deviceLabel(device, t) : id;
  };
  return (
    <FormGroup role="group" label={t("hw.bootDevices")} fieldId="hw-boot-order">
      <ol id="hw-boot-order" className="tv-boot-order">
        {chosen.map((id, at) => (
          <li key={id}>
            <Checkbox
              id={`hw-boot-${id}`}
              label={labelOf(id)}
              isChecked
              onChange={() => change(chosen.filter((each) => each !== id))}
            />
            <Moves name={labelOf(id)} at={at} of={chosen.length} onMove={(by) => swap(at, by)} />
          </li>
        ))}
        {others.map((id) => (
          <li key={id}>
            <Checkbox
              id={`hw-boot-${id}`}
              label={labelOf(id)}
              isChecked={false}
              onChange={() => change([...chosen, id])}
            />
          </li>
        ))}
        {chosen.length + others.length === 0 && <li>{t("hw.nothingBootable")}</li>}
      </ol>
    </FormGroup>
  );
}

interface MovesProps {
  readonly name: string;
  readonly at: number;
  readonly of: number;
  readonly onMove: (by: -1 | 1) => void;
}

/** They keep the focus at the ends, where they do nothing. */
function Moves({ name, at, of, onMove }: MovesProps) {
  const t = useT();
  const [isFirst, isLast] = [at === 0, at === of - 1];
  const move = (button: HTMLElement, by: -1 | 1): void => {
    flushSync(() => onMove(by));
    // A row that is put elsewhere loses the focus.
    button.focus();
  };
  return (
    <>
      <Button
        variant="plain"
        icon={<ArrowUpIcon />}
        aria-label={t("hw.moveUp", { name })}
        isAriaDisabled={isFirst}
        onClick={({ currentTarget }) => isFirst || move(currentTarget, -1)}
      />
      <Button
        variant="plain"
        icon={<ArrowDownIcon />}
        aria-label={t("hw.moveDown", { name })}
        isAriaDisabled={isLast}
        onClick={({ currentTarget }) => isLast || move(currentTarget, 1)}
      />
    </>
  );
}
