import type { BalloonCommand, BalloonInfo } from "../../protocol/balloon.ts";
import { vmError } from "../../protocol/vm-error.ts";

/** The device, as far as it is commanded. */
interface Balloon extends BalloonInfo {
  setTarget(bytes: number): void;
  setPollInterval(seconds: number): void;
}

/**
 * Carries out a command, or none, and says how the balloon is then.
 *
 * @throws VmError in QEMU's words where there is no balloon
 */
export function commandBalloon(
  balloon: Balloon | undefined,
  command: BalloonCommand | null,
): BalloonInfo {
  if (!balloon) throw vmError("operationInvalid", "No balloon device has been activated");
  if (command?.kind === "target") balloon.setTarget(command.bytes);
  if (command?.kind === "poll") balloon.setPollInterval(command.seconds);
  const { actualBytes, stats, statsAtS, pollIntervalS } = balloon;
  return { actualBytes, stats, statsAtS, pollIntervalS };
}
