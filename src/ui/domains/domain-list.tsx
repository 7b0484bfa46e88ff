/** All machines of the connection. */
// On narrow screens the table's cells stack; a browser then takes it for no table any more, unless
// its roles are spelt out.
/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role */
import {
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  SearchInput,
  Title,
} from "@patternfly/react-core";
import PlusCircleIcon from "@patternfly/react-icons/dist/esm/icons/plus-circle-icon";
import VirtualMachineIcon from "@patternfly/react-icons/dist/esm/icons/virtual-machine-icon";
import { useState } from "react";
import type { Domain } from "../../virt/domain.ts";
import { useApp, useDomains } from "../app/context.tsx";
import { domainHref } from "../app/route.ts";
import { formatBytes } from "../common/format.ts";
import { reasonText } from "../common/reason-text.ts";
import { bootTitle, useGuests } from "../common/use-guests.ts";
import { DomainActions } from "./domain-actions.tsx";
import { StateLabel } from "./state-label.tsx";

interface Props {
  readonly onCreate: () => void;
  readonly onEdit: (domain: Domain) => void;
}

/** From this many machines on, a filter helps more than it clutters. */
const FILTER_FROM = 4;

export function DomainList({ onCreate, onEdit }: Props) {
  const { t } = useApp();
  const domains = useDomains();
  const [filter, setFilter] = useState("");
  const wanted = filter.trim().toLocaleLowerCase();
  const shown = domains.filter(({ definition }) =>
    definition.name.toLocaleLowerCase().includes(wanted),
  );
  return (
    <div className="tv-list">
      <div className="tv-list-head">
        <Title headingLevel="h1">{t("list.title")}</Title>
        {domains.length >= FILTER_FROM && (
          <SearchInput
            className="tv-filter"
            aria-label={t("list.filter")}
            placeholder={t("list.filter")}
            resetButtonLabel={t("list.clearFilter")}
            value={filter}
            onChange={(_, value) => setFilter(value)}
            onClear={() => setFilter("")}
          />
        )}
        <Button variant="secondary" icon={<PlusCircleIcon />} onClick={onCreate}>
          {t("list.create")}
        </Button>
      </div>
      {domains.length === 0 ? (
        <NoDomains onCreate={onCreate} />
      ) : (
        <DomainTable domains={shown} onEdit={onEdit} />
      )}
      {domains.length > 0 && shown.length === 0 && (
        <output className="tv-subtle">{t("list.noMatch", { filter: filter.trim() })}</output>
      )}
      <p className="tv-subtle">{t("list.footnote")}</p>
    </div>
  );
}

function NoDomains({ onCreate }: { readonly onCreate: () => void }) {
  const { t } = useApp();
  return (
    <EmptyState titleText={t("list.empty")} icon={VirtualMachineIcon} headingLevel="h2">
      <EmptyStateBody>{t("list.emptyHint")}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button onClick={onCreate}>{t("list.create")}</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}

interface TableProps {
  readonly domains: readonly Domain[];
  readonly onEdit: (domain: Domain) => void;
}

function DomainTable({ domains, onEdit }: TableProps) {
  const { t } = useApp();
  const columns = ["name", "state", "boots", "memory", "vcpus", "actions"] as const;
  return (
    <table className="tv-table" role="table" aria-label={t("list.title")}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column} role="columnheader" scope="col">
              {t(`list.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {domains.map((domain) => (
          <Row key={domain.definition.uuid} domain={domain} onEdit={() => onEdit(domain)} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ domain, onEdit }: { readonly domain: Domain; readonly onEdit: () => void }) {
  const { t } = useApp();
  const guests = useGuests();
  const { uuid, name, memoryBytes, vcpus, boot } = domain.definition;
  const reason = reasonText(domain, t);
  return (
    <tr role="row" aria-label={name}>
      <th role="rowheader" scope="row">
        <a className="tv-name" href={domainHref(uuid)}>
          {name}
        </a>
      </th>
      <td role="cell" className="tv-cell-state">
        <StateLabel domain={domain} />
        {reason && <div className="tv-reason">{reason}</div>}
      </td>
      <td role="cell" data-label={t("list.boots")}>
        {bootTitle(boot, guests.list, t)}
      </td>
      <td role="cell" data-label={t("list.memory")}>
        {formatBytes(memoryBytes, t)}
      </td>
      <td role="cell" data-label={t("list.vcpus")}>
        {vcpus}
      </td>
      <td role="cell" className="tv-cell-actions">
        <DomainActions domain={domain} onEdit={onEdit} />
      </td>
    </tr>
  );
}
