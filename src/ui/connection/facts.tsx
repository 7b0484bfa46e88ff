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

interface Props {
  readonly facts: readonly Fact[];
  /** Terms before what they are, one below the other: for cards. */
  readonly isNarrow?: boolean;
}

const COLUMNS = { default: "1Col", md: "2Col", xl: "3Col" } as const;

export function Facts({ facts, isNarrow = false }: Props) {
  return (
    <DescriptionList
      isCompact
      {...(isNarrow ? { isHorizontal: true, termWidth: "11rem" } : { columnModifier: COLUMNS })}
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
