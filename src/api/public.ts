/** What `import … from "tabvisor"` gives beside `Machine`, in browsers and in Node. */
export type { ConsolePort, SerialPort } from "./machine.ts";
export type {
  Accelerator,
  BalloonInfo,
  DeviceConfig,
  ExitStats,
  ImageSource,
  LoadProgress,
  InvalidationStats,
  KeyEvent,
  MachineConfig,
  MachineState,
  MachineStats,
  StateEvent,
  StateReason,
  StopStats,
  TranslatorStats,
  VcpuStats,
} from "./types.ts";
export { isLegal, type MachineVerb } from "./verbs.ts";
export { ErrorCode, VmError } from "../protocol/vm-error.ts";
