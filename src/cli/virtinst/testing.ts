/** Places for tests of virtinst's tools: the test driver, no files, a clock that stands. */
import { vmError } from "../../protocol/vm-error.ts";
import { utf8Bytes } from "../../util/bytes.ts";
import { type Connect, openConnect } from "../../virt/driver/connect.ts";
import { testDriver } from "../../virt/drivers/test/driver.ts";
import type { PathKind, ToolHost } from "./host.ts";

/** A place with no terminal; all that is said is kept. */
export class FakeToolHost implements ToolHost {
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
  readonly nowMs = (): number => 0;
  readonly columns = (): number => 80;
  readonly connect = (): Promise<Connect> => this.#connect();
  readonly pathKind = async (path: string): Promise<PathKind> =>
    path.endsWith(".iso") ? "file" : undefined;
  readonly absolutePath = (path: string): string => path;
  readonly randomBytes = (): number[] => [1, 2, 3];
  sleep = async (_ms: number): Promise<boolean> => false;
  readonly interruption = (): Promise<void> => new Promise(() => undefined);

  /** Another one each time. */
  readonly newUuid = (): string => {
    this.#uuids += 1;
    return `11111111-2222-4333-8444-${this.#uuids.toString().padStart(12, "0")}`;
  };
}

/** A new connection of the test driver, which reads its objects from the texts of files. */
export function testConnection(
  uri: string,
  files: Readonly<Record<string, string>> = {},
): Promise<Connect> {
  let uuids = 0;
  const driver = testDriver({
    nowMs: () => 0,
    newUuid: () => `22222222-2222-4333-8444-${String(++uuids).padStart(12, "0")}`,
    newMac: () => "52:54:00:00:00:00",
    hostname: () => "host",
    readFile: async (path) => {
      const text = files[path];
      if (text === undefined) throw vmError("systemError", "No such file or directory");
      return utf8Bytes(text);
    },
    writeFile: async () => undefined,
  });
  return openConnect(uri, [driver]);
}
