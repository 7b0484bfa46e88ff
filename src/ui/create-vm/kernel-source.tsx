/** A kernel of one's own, with its initramfs and command line. */
import { FormGroup, TextInput } from "@patternfly/react-core";
import { useT } from "../app/context.tsx";
import type { LocalFile } from "./draft.ts";
import { localFile } from "./local-file.ts";
import { FilePick } from "./file-pick.tsx";
import type { StepProps } from "./step-props.ts";

type Role = "kernel" | "initrd";

export function KernelSource({ settled, change, said, browse }: StepProps) {
  const t = useT();
  const take = async (role: Role, files: readonly File[]): Promise<void> =>
    change(rolesOf(role, await Promise.all(files.map(localFile))));
  const pick = (role: Role) => (
    <FormGroup label={t(`newVm.${role}`)} fieldId={`new-vm-${role}`} isRequired={role === "kernel"}>
      <FilePick
        id={`new-vm-${role}`}
        label={t(`newVm.${role}`)}
        picked={settled[role]}
        said={said(role)}
        onFiles={(files) => void take(role, files)}
        onRemove={() => change({ [role]: null })}
        onBrowse={() =>
          browse(t(role === "kernel" ? "newVm.chooseKernel" : "newVm.chooseInitrd"), (volume) =>
            change({ [role]: volume }),
          )
        }
      />
    </FormGroup>
  );
  return (
    <>
      {pick("kernel")}
      {pick("initrd")}
      <FormGroup label={t("newVm.cmdline")} fieldId="new-vm-cmdline">
        <TextInput
          id="new-vm-cmdline"
          className="tv-mono"
          autoComplete="off"
          spellCheck={false}
          value={settled.cmdline}
          onChange={(_, cmdline) => change({ cmdline })}
        />
      </FormGroup>
    </>
  );
}

/** One file is what it was dropped on; of several each finds its own place. */
function rolesOf(role: Role, files: readonly LocalFile[]): { [R in Role]?: LocalFile } {
  const [only] = files;
  if (files.length === 1 && only) return { [role]: only };
  const initrd = files.find(({ kind }) => kind.kind === "initrd");
  const kernel = files.find((each) => each !== initrd);
  return { ...(kernel && { kernel }), ...(initrd && { initrd }) };
}
