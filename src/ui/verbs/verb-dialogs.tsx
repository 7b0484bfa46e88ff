/** The dialog of the verb that was asked for. */
import "./verbs.css";
import { useManager } from "../shell/context.tsx";
import { CloneDialog } from "./clone-dialog.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { LabelsDialog } from "./labels-dialog.tsx";
import { RenameDialog } from "./rename-dialog.tsx";
import type { RunVerb, UserVerb } from "./verbs.tsx";

export interface Asked {
  readonly verb: UserVerb;
  readonly uuids: readonly string[];
}

interface Props {
  readonly asked: Asked;
  readonly onRun: RunVerb;
  readonly onClose: () => void;
}

export default function VerbDialogs({ asked: { verb, uuids }, onRun, onClose }: Props) {
  const manager = useManager();
  const domains = uuids.flatMap((uuid) => manager.domain(uuid) ?? []);
  const [first] = domains;
  // All of them are gone meanwhile.
  if (!first) return null;
  if (verb === "labels") return <LabelsDialog domains={domains} onClose={onClose} />;
  if (verb === "rename") return <RenameDialog domain={first} onClose={onClose} />;
  if (verb === "clone") return <CloneDialog domain={first} onClose={onClose} />;
  if (verb === "undefine") return <DeleteDialog domains={domains} onClose={onClose} />;
  const confirmed = () => {
    onClose();
    void onRun(verb, domains);
  };
  return (
    <ConfirmDialog
      verb={verb}
      names={domains.map(({ name }) => name)}
      onConfirm={confirmed}
      onCancel={onClose}
    />
  );
}
