/** A network interface's fields: what it is connected to, and the rest out of the table. */
import { useT } from "../../app/context.tsx";
import { useNetworks } from "../../shell/context.tsx";
import { fieldsOf } from "./model/device-fields.ts";
import type { Values } from "./model/fields.ts";
import { USER_TYPE } from "./model/network-source.ts";
import { ChoiceRow, TextRow } from "./rows.tsx";
import { TableFields } from "./table-fields.tsx";

interface Props {
  readonly values: Values;
  readonly set: (change: Values) => void;
}

const TYPES = ["network", "bridge", "direct", USER_TYPE] as const;

export function InterfaceFields({ values, set }: Props) {
  const t = useT();
  const networks = useNetworks();
  const { type = "", source = "" } = values;
  const connect = (next: string): void => {
    const first = next === "network" ? (networks[0]?.name ?? "") : "";
    set({ type: next, source: first });
  };
  return (
    <>
      <ChoiceRow
        id="hw-type"
        label={t("hw.networkSource")}
        value={type}
        options={TYPES.map((each) => [each, t(`hw.network.${each}`)])}
        onChange={connect}
      />
      {type === "network" && (
        <ChoiceRow
          id="hw-source"
          label={t("hw.network")}
          value={source}
          options={networks.map(({ name, isActive }) => [
            name,
            isActive ? name : t("hw.networkInactive", { name }),
          ])}
          onChange={(value) => set({ source: value })}
        />
      )}
      {(type === "bridge" || type === "direct") && (
        <TextRow
          id="hw-source"
          label={t("hw.hostDevice")}
          value={source}
          onChange={(value) => set({ source: value })}
        />
      )}
      <TableFields fields={fieldsOf("interface", undefined)} values={values} set={set} />
    </>
  );
}
