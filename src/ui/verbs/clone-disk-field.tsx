/** One disk of a machine that is cloned: what it is, and what becomes of it. */
import {
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  TextInput,
} from "@patternfly/react-core";
import type { CloneDisk } from "../../virt/clone/disks.ts";
import { useApp } from "../app/context.tsx";
import { formatBytes } from "../common/format.ts";
import type { Translate } from "../i18n/catalogue.ts";
import type { DiskProblem, DraftWish } from "./use-clone-draft.ts";

interface Props {
  readonly wish: DraftWish;
  /** The name of the machine that is cloned. */
  readonly machine: string;
  readonly problem: DiskProblem | null;
  readonly onChange: (wish: DraftWish) => void;
}

export function CloneDiskField({ wish, machine, problem, onChange }: Props) {
  const { t } = useApp();
  const { disk, action, name } = wish;
  const id = `clone-${disk.target}`;
  return (
    <FormGroup label={titleOf(disk, t)} fieldId={id}>
      <div className="tv-clone-disk">
        <FormSelect
          id={id}
          value={action}
          aria-describedby={`${id}-hint`}
          onChange={(_, chosen) => onChange({ ...wish, action: chosen as DraftWish["action"] })}
        >
          <FormSelectOption value="clone" label={t("clone.copy")} isDisabled={!disk.source} />
          <FormSelectOption value="share" label={t("clone.share", { name: machine })} />
          <FormSelectOption value="skip" label={t("clone.skip")} />
        </FormSelect>
        {action === "clone" && (
          <TextInput
            id={`${id}-name`}
            aria-label={t("clone.volume", { target: disk.target })}
            value={name}
            validated={problem ? "error" : "default"}
            aria-describedby={`${id}-hint`}
            onChange={(_, value) => onChange({ ...wish, name: value })}
          />
        )}
      </div>
      <FormHelperText>
        <HelperText id={`${id}-hint`} isLiveRegion>
          <Hint wish={wish} problem={problem} />
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}

function titleOf({ target, path, source }: CloneDisk, t: Translate): string {
  const what = path === null ? target : t("clone.disk", { target, path });
  if (!source) return what;
  return t("details.size", { name: what, size: formatBytes(Number(source.capacity), t) });
}

/** The problem first; then why a choice is made, or why another is not there. */
function Hint({ wish: { disk, action }, problem }: Pick<Props, "wish" | "problem">) {
  const { t } = useApp();
  if (problem)
    return <HelperTextItem variant="error">{t(`clone.problem.${problem}`)}</HelperTextItem>;
  const { shareReason, obstacle } = disk;
  if (action === "share" && !shareReason) {
    return <HelperTextItem variant="warning">{t("clone.dangerous")}</HelperTextItem>;
  }
  const texts = [
    shareReason && t(`clone.shareReason.${shareReason}`),
    obstacle?.kind === "network" && t("clone.obstacle.network", { protocol: obstacle.protocol }),
    obstacle && obstacle.kind !== "network" && t(`clone.obstacle.${obstacle.kind}`),
  ].filter((text) => typeof text === "string");
  return texts.length > 0 && <HelperTextItem>{texts.join(" ")}</HelperTextItem>;
}
