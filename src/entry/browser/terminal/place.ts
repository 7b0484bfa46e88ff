/** Where the terminal's commands run: the page's host, a working directory, connections. */
import type { ConnectDriver } from "../../../virt/driver/driver.ts";
import { absolutePath, HOME } from "./paths.ts";
import { ToolsClient } from "./tools-client.ts";

export interface PlacePorts {
  /** What connections without a URI are opened to. */
  readonly uri: string;
  readonly drivers: readonly ConnectDriver[];
  /** Shows bytes of a guest on the terminal as they are. */
  show(bytes: Uint8Array): void;
  /** Lets the user change a text. @throws VmError operationAborted when it is given up */
  edit(text: string, suffix: string): Promise<string>;
  /** Hands a file to the user's computer. */
  save(name: string, contents: Blob): void;
  /** Asks for a file of the user's computer; null when none was chosen. */
  pick(): Promise<File | null>;
}

export class Place {
  readonly tools = new ToolsClient();
  readonly #ports: PlacePorts;
  directory = HOME;

  constructor(ports: PlacePorts) {
    this.#ports = ports;
  }

  get uri(): string {
    return this.#ports.uri;
  }

  get drivers(): readonly ConnectDriver[] {
    return this.#ports.drivers;
  }

  get show(): PlacePorts["show"] {
    return this.#ports.show;
  }

  get edit(): PlacePorts["edit"] {
    return this.#ports.edit;
  }

  get save(): PlacePorts["save"] {
    return this.#ports.save;
  }

  get pick(): PlacePorts["pick"] {
    return this.#ports.pick;
  }

  /** The path from the root. */
  absolute(path: string): string {
    return absolutePath(path, this.directory);
  }

  /** As a prompt shows it. */
  get shownDirectory(): string {
    return this.directory === HOME ? "~" : this.directory;
  }
}
