/** Which operating system is in the machine. */
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { editDomain } from "../../../virt/conf/domain/view.ts";
import { knownOses } from "../../../virt/os-table.ts";
import { useT } from "../../app/context.tsx";
import { FormFrame } from "./form-frame.tsx";
import { type OsInfo, readOsInfo, writeOsInfo } from "./model/os-info.ts";
import { TextRow } from "./rows.tsx";
import { type FormModel, useForm } from "./use-form.ts";

const OSES = knownOses().map(({ id, name }) => [id, name] as const);

const MODEL: FormModel<OsInfo> = {
  read: readOsInfo,
  edit: (definition, _change, values) =>
    editDomain(definition, (draft) => writeOsInfo(draft, values)),
};

export function OsForm({ domain }: { readonly domain: ManagedDomain }) {
  const t = useT();
  const form = useForm<OsInfo>(domain, MODEL);
  return (
    <FormFrame form={form}>
      <TextRow
        id="hw-os"
        label={t("hw.osId")}
        value={form.values.id}
        hint={t("hw.osIdHint")}
        proposals={OSES}
        onChange={(id) => form.set({ id })}
      />
    </FormFrame>
  );
}
