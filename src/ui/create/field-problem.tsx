/** The sentence below a field that is wrong, or its hint when it is not. */
import { FormHelperText, HelperText, HelperTextItem } from "@patternfly/react-core";
import type { Capabilities } from "../../virt/connection.ts";
import { useApp } from "../app/context.tsx";
import type { Translate } from "../i18n/catalogue.ts";
import type { DraftProblem } from "./draft.ts";

const MIB = 2 ** 20;

interface Props {
  /** For `aria-describedby` of the field. */
  readonly id: string;
  readonly field: DraftProblem["field"];
  readonly problems: readonly DraftProblem[];
  readonly hint?: string | undefined;
  /** Said in place of the hint, in the colour of warnings. */
  readonly warning?: string | undefined;
}

export function FieldProblem({ id, field, problems, hint, warning }: Props) {
  const { t, connection } = useApp();
  const problem = problems.find((each) => each.field === field);
  const text = problem ? problemText(problem, connection.capabilities, t) : (warning ?? hint);
  if (text === undefined) return null;
  const variant = problem ? "error" : warning === undefined ? "default" : "warning";
  return (
    <FormHelperText>
      <HelperText isLiveRegion>
        <HelperTextItem id={id} variant={variant}>
          {text}
        </HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}

export function hasProblem(
  problems: readonly DraftProblem[],
  field: DraftProblem["field"],
): "error" | "default" {
  return problems.some((each) => each.field === field) ? "error" : "default";
}

function problemText(problem: DraftProblem, capabilities: Capabilities, t: Translate): string {
  const { minMemoryBytes, maxMemoryBytes, memoryStepBytes, maxVcpus } = capabilities;
  if (problem.field === "memory") {
    return problem.kind === "step"
      ? t("problem.memory.step", { step: memoryStepBytes / MIB })
      : t("problem.memory.range", { min: minMemoryBytes / MIB, max: maxMemoryBytes / MIB });
  }
  if (problem.field === "vcpus") return t("problem.vcpus.range", { max: maxVcpus });
  if (problem.field === "boot") return t("problem.boot.nothing");
  if (problem.field === "disks") return t(`problem.disks.${problem.kind}`);
  return t(`problem.name.${problem.kind}`);
}
