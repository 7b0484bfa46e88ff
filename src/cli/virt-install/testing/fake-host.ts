/** A place to run virt-install in: no files, no terminal, and all that it says kept. */
import type { Connect } from "../../../virt/driver/connect.ts";
import type { PathKind } from "../../virtinst/host.ts";
import type { InstallHost } from "../host.ts";

export class FakeInstallHost implements InstallHost {
  output = "";
  errors = "";
  #uuids = 0;
  readonly #connect: () => Promise<Connect>;

  constructor(connect: () => Promise<Connect>) {
    this.#connect = connect;
  }

  readonly out = (text: string): void => void (this.output += text);
  readonly err = (text: string): void => void (this.errors += text);
  readonly env = (): undefined => undefined;
  readonly connect = (): Promise<Connect> => this.#connect();
  readonly pathKind = async (path: string): Promise<PathKind> =>
    path.endsWith(".iso") ? "file" : undefined;
  readonly absolutePath = (path: string): string => path;
  readonly randomBytes = (): number[] => [1, 2, 3];
  readonly hasTerminal = (): boolean => false;
  readonly console = async (): Promise<void> => {};
  readonly sleep = async (): Promise<boolean> => false;

  /** Another one each time. */
  readonly newUuid = (): string => {
    this.#uuids += 1;
    return `11111111-2222-4333-8444-${this.#uuids.toString().padStart(12, "0")}`;
  };
}
