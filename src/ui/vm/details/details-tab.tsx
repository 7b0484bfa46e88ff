/** The machine's hardware: a list, and the form of what is chosen. */
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { formatXml } from "../../../virt/xml/format.ts";

interface Props {
  readonly domain: ManagedDomain;
  readonly item: string | undefined;
}

export function DetailsTab({ domain }: Props) {
  return <pre>{formatXml(domain.definition)}</pre>;
}
