/** All machines of the connection. */
import {
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  PageSection,
  SearchInput,
  Title,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from "@patternfly/react-core";
import PlusCircleIcon from "@patternfly/react-icons/dist/esm/icons/plus-circle-icon";
import VirtualMachineIcon from "@patternfly/react-icons/dist/esm/icons/virtual-machine-icon";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
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
    <PageSection isFilled hasBodyWrapper={false} aria-label={t("list.title")}>
      <Toolbar className="tv-list-toolbar">
        <ToolbarContent>
          <ToolbarItem>
            <Title headingLevel="h1">{t("list.title")}</Title>
          </ToolbarItem>
          {domains.length >= FILTER_FROM && (
            <ToolbarItem>
              <SearchInput
                aria-label={t("list.filter")}
                placeholder={t("list.filter")}
                resetButtonLabel={t("list.clearFilter")}
                value={filter}
                onChange={(_, value) => setFilter(value)}
                onClear={() => setFilter("")}
              />
            </ToolbarItem>
          )}
          <ToolbarItem align={{ default: "alignEnd" }}>
            <Button variant="secondary" icon={<PlusCircleIcon />} onClick={onCreate}>
              {t("list.create")}
            </Button>
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      {domains.length === 0 ? (
        <NoDomains onCreate={onCreate} />
      ) : (
        <DomainTable domains={shown} onEdit={onEdit} />
      )}
      {domains.length > 0 && shown.length === 0 && (
        <p className="tv-no-match">{t("list.noMatch", { filter: filter.trim() })}</p>
      )}
      <p className="tv-footnote">{t("list.footnote")}</p>
    </PageSection>
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
  return (
    <Table aria-label={t("list.title")} gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th width={20}>{t("list.name")}</Th>
          <Th>{t("list.state")}</Th>
          <Th>{t("list.boots")}</Th>
          <Th>{t("list.memory")}</Th>
          <Th>{t("list.vcpus")}</Th>
          <Th screenReaderText={t("list.actions")} />
        </Tr>
      </Thead>
      <Tbody>
        {domains.map((domain) => (
          <Row key={domain.definition.uuid} domain={domain} onEdit={() => onEdit(domain)} />
        ))}
      </Tbody>
    </Table>
  );
}

function Row({ domain, onEdit }: { readonly domain: Domain; readonly onEdit: () => void }) {
  const { t } = useApp();
  const guests = useGuests();
  const { uuid, name, memoryBytes, vcpus, boot } = domain.definition;
  const reason = reasonText(domain, t);
  return (
    <Tr>
      <Td dataLabel={t("list.name")} modifier="breakWord">
        <a className="tv-name" href={domainHref(uuid)}>
          {name}
        </a>
      </Td>
      <Td dataLabel={t("list.state")}>
        <StateLabel domain={domain} />
        {reason && <div className="tv-reason">{reason}</div>}
      </Td>
      <Td dataLabel={t("list.boots")} modifier="breakWord">
        {bootTitle(boot, guests.list, t)}
      </Td>
      <Td dataLabel={t("list.memory")}>{formatBytes(memoryBytes, t)}</Td>
      <Td dataLabel={t("list.vcpus")}>{vcpus}</Td>
      <Td dataLabel={t("list.actions")} isActionCell>
        <DomainActions domain={domain} onEdit={onEdit} />
      </Td>
    </Tr>
  );
}
