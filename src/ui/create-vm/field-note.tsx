/** The sentence below a field: what is wrong, else what to mind, else what it is for. */
import { FormHelperText, HelperText, HelperTextItem } from "@patternfly/react-core";
import type { Said } from "./step-props.ts";

interface Props {
  /** For `aria-describedby` of the field. */
  readonly id: string;
  readonly said: Said;
  readonly hint?: string | undefined;
}

export function FieldNote({ id, said: { problem, warning }, hint }: Props) {
  const text = problem ?? warning ?? hint;
  const variant = problem !== undefined ? "error" : warning !== undefined ? "warning" : "default";
  // The live region is there before it has anything to say.
  return (
    <FormHelperText className="tv-new-vm-note">
      <HelperText isLiveRegion id={id}>
        {text !== undefined && <HelperTextItem variant={variant}>{text}</HelperTextItem>}
      </HelperText>
    </FormHelperText>
  );
}
