/** Terms and what they are. */
import {
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
} from "@patternfly/react-core";
import type { ReactNode } from "react";

/** What is null or empty is left out. */
export type Fact = readonly [term: string, value: ReactNode];

export function Facts({
  facts,
  label,
}: {
  readonly facts: readonly Fact[];
  readonly label?: string;
}) {
  return (
    <DescriptionList
      isCompact
      columnModifier={{ default: "1Col", md: "2Col", xl: "3Col" }}
      aria-label={label}
    >
      {facts
        .filter(([, value]) => value !== null && value !== "")
        .map(([term, value]) => (
          <DescriptionListGroup key={term}>
            <DescriptionListTerm>{term}</DescriptionListTerm>
            <DescriptionListDescription className="tv-break">{value}</DescriptionListDescription>
          </DescriptionListGroup>
        ))}
    </DescriptionList>
  );
}
