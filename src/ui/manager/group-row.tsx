/** A heading among the rows: the connection, or a group of machines. */
/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role, jsx-a11y/no-noninteractive-element-to-interactive-role */
import AngleRightIcon from "@patternfly/react-icons/dist/esm/icons/angle-right-icon";
import type { ReactNode } from "react";
import type { RowPlace } from "./vm-row.tsx";

interface Props {
  readonly name: string;
  /** What stands beside the name. */
  readonly children: ReactNode;
  readonly place: RowPlace;
  readonly columns: number;
  readonly isCurrent: boolean;
  readonly isOpen: boolean;
}

export function GroupRow({ name, children, place, columns, isCurrent, isOpen }: Props) {
  return (
    <tr
      role="row"
      className="tv-group-row"
      aria-label={name}
      aria-expanded={isOpen}
      aria-level={place.level}
      aria-posinset={place.index + 1}
      aria-setsize={place.of}
      data-row={place.id}
      data-group
      tabIndex={isCurrent ? 0 : -1}
    >
      <th role="rowheader" scope="rowgroup" colSpan={columns}>
        <span className="tv-group-head">
          <AngleRightIcon className="tv-group-arrow" />
          <span className="tv-group-name">{name}</span>
          {children}
        </span>
      </th>
    </tr>
  );
}
