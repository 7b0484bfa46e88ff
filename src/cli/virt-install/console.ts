/** The guest's text console on the user's terminal, as `virsh console` has it. */
import { VmError } from "../../protocol/vm-error.ts";
import { Pipe } from "../../virt/driver/pipe.ts";
import type { DomainRef } from "../../virt/driver/refs.ts";
import type { Stream } from "../../virt/driver/streams.ts";
import type { Connect } from "../../virt/driver/connect.ts";
import { ToolError } from "../virtinst/errors.ts";
import { escapeText } from "../virsh/shell/escape-text.ts";
import type { InstallHost } from "./host.ts";

const ESCAPE = "^]";

export interface ConsoleSession {
  /** Whether the guest's side ended it, rather than the user. Never rejects. */
  readonly ended: Promise<boolean>;
  /** Gives the terminal back. */
  leave(): void;
}

/** @param say where it is told, and `warn` where it fails */
export function openConsole(
  connect: Connect,
  domain: DomainRef,
  host: InstallHost,
  { say, warn }: { say(text: string): void; warn(message: string): void },
): ConsoleSession {
  const pipe = new Pipe();
  let isEnded = false;
  const stream: Stream = {
    ...pipe.userEnd,
    read: async () => {
      const piece = await pipe.userEnd.read();
      if (piece === null) isEnded = true;
      return piece;
    },
  };
  const run = async (): Promise<boolean> => {
    say(`Running text console command: virsh --connect ${connect.uri} console ${domain.name}`);
    try {
      await connectTerminal(connect, domain, host, { inner: stream, driverEnd: pipe.driverEnd });
    } catch (error) {
      if (!(error instanceof VmError) && !(error instanceof ToolError)) throw error;
      host.err(`error: ${error.message}\n`);
      warn("Console command returned failure.");
    }
    host.out("\n");
    return isEnded;
  };
  return { ended: run(), leave: () => pipe.userEnd.abort() };
}

interface Ends {
  readonly inner: Stream;
  readonly driverEnd: Stream;
}

async function connectTerminal(
  connect: Connect,
  domain: DomainRef,
  host: InstallHost,
  { inner, driverEnd }: Ends,
): Promise<void> {
  if (!host.hasTerminal()) {
    throw new ToolError("Cannot run interactive console without a controlling TTY");
  }
  await connect.domainOpenConsole(domain, null, driverEnd, 0);
  host.out(`Connected to domain '${domain.name}'\n${escapeText(ESCAPE)}`);
  await host.console(inner);
}
