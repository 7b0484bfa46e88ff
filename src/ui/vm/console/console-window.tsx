/** One console alone, in a window of its own. */
import { useDomain } from "../../shell/context.tsx";
import { ConsoleTab } from "./console-tab.tsx";

interface Props {
  readonly uuid: string;
  readonly device: string;
}

export default function ConsoleWindow({ uuid }: Props) {
  const domain = useDomain(uuid);
  return domain ? <ConsoleTab domain={domain} /> : null;
}
