/** wfiDeadline → WFI_DEADLINE, ExitReason → EXIT_REASON, fcvt.w.s → FCVT_W_S. */
export function upperSnake(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(".", "_")
    .toUpperCase();
}

/** fcvt.w.s → FcvtWS, addi → Addi. */
export function pascal(name: string): string {
  return name
    .split(".")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
}
