/** The tools worker as the terminal uses it: started when it is first needed, ended with a command that is stopped. */
import { workerHandle } from "../../../host/browser/worker-handle.ts";
import type { CommandIo } from "../../../cli/terminal/shell.ts";
import type { AsyncService } from "../../../protocol/rpc.ts";
import type { ToolsService } from "../../../protocol/tools-service.ts";
import { PROTOCOL_VERSION } from "../../../protocol/version.ts";
import { vmError } from "../../../protocol/vm-error.ts";

type Service = AsyncService<ToolsService>;

interface Started {
  readonly service: Service;
  readonly lost: Promise<never>;
  terminate(): void;
}

interface ToolCommand {
  readonly name: "qemu-img" | "qemu-io";
  readonly args: readonly string[];
  /** What relative paths begin at. */
  readonly directory: string;
}

export class ToolsClient {
  #started: Promise<Started> | null = null;

  /** The worker's service; its calls reject when the worker ends. */
  async service(): Promise<Service> {
    return (await this.#worker()).service;
  }

  /**
   * Runs an image command. Ctrl-C ends its worker at once, as a signal would end the program.
   *
   * @returns its exit status
   */
  async run({ name, args, directory }: ToolCommand, io: CommandIo): Promise<number> {
    const { service, lost, terminate } = await this.#worker();
    const stop = io.interrupt.onPress(() => {
      terminate();
      this.#started = null;
    });
    const interrupted = new Promise<never>((_resolve, reject) =>
      io.interrupt.onPress(() => reject(vmError("operationAborted", "interrupted"))),
    );
    try {
      const run = await service.start(name, [...args], directory);
      for (;;) {
        const said = await Promise.race([service.output(run), lost, interrupted]);
        for (const output of said) {
          if (output.kind === "exit") return output.status;
          if (output.kind === "ask") await service.input(run, await io.readLine(`${name}> `));
          else if (output.kind === "out") io.out(output.text);
          else io.err(output.text);
        }
      }
    } finally {
      stop();
    }
  }

  #worker(): Promise<Started> {
    return (this.#started ??= this.#start());
  }

  async #start(): Promise<Started> {
    const worker = workerHandle<ToolsService>(
      new Worker(new URL("../../../worker/tools.browser.js", import.meta.url), {
        type: "module",
        name: "tools",
      }),
    );
    const lost = new Promise<never>((_resolve, reject) => {
      worker.onFailure((message) => {
        this.#started = null;
        reject(vmError("internalError", `the tools worker ended: ${message}`));
      });
    });
    // Nobody may be waiting when it ends.
    lost.catch(() => {});
    worker.watch(await Promise.race([worker.service.handshake(PROTOCOL_VERSION), lost]));
    return { service: worker.service, lost, terminate: () => worker.terminate() };
  }
}
