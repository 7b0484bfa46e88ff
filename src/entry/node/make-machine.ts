import type { MachineConfig } from "../../api/types.ts";
import type { Engine } from "../../cli/system/system-options.ts";
import type { DrivenMachine } from "./driven-machine.ts";
import { Machine as NodeMachine } from "./tabvisor.ts";

/** A machine in this process or in a headless browser; nothing runs before its `start`. */
export async function makeMachine(engine: Engine, config: MachineConfig): Promise<DrivenMachine> {
  if (engine === "node") return NodeMachine.create(config);
  const { EngineMachine } = await import("./engine-machine.ts");
  return new EngineMachine(engine, config);
}
