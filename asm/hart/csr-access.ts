/** Who may touch a CSR (privileged manual §2.1, §3.1.11, §12.1; Sstc). */
import {
  CSR_CYCLE,
  CSR_FCSR,
  CSR_FFLAGS,
  CSR_HPMCOUNTER31,
  CSR_SATP,
  CSR_STIMECMP,
  HART_MCOUNTEREN,
  HART_MENVCFG,
  HART_MSTATUS,
  HART_SCOUNTEREN,
} from "../generated/layout";
import { ENVCFG_STCE } from "./interrupts";
import { fpEnabled, PRIV_M, PRIV_S, privOf, STATUS_TVM } from "./status";

/** Whether counter `bit` may be read by the current privilege (§3.1.11, §12.1.5). */
function counterAllowed(hs: usize, bit: u32): bool {
  const priv = privOf(hs);
  if (priv == PRIV_M) return true;
  if (!((load<u64>(hs + HART_MCOUNTEREN) >> bit) & 1)) return false;
  return priv == PRIV_S || ((load<u64>(hs + HART_SCOUNTEREN) >> bit) & 1) != 0;
}

/** Rules of single registers on top of the address's privilege and read-only bits (§2.1). */
export function csrAllowed(hs: usize, csr: u32, write: bool): bool {
  const priv = privOf(hs);
  if (((csr >> 8) & 3) > priv) return false;
  if (write && csr >> 10 == 3) return false;
  if (csr >= CSR_FFLAGS && csr <= CSR_FCSR) return fpEnabled(hs);
  if (csr >= CSR_CYCLE && csr <= CSR_HPMCOUNTER31) return counterAllowed(hs, csr & 31);
  if (csr == CSR_SATP) {
    return !(priv == PRIV_S && (load<u64>(hs + HART_MSTATUS) & STATUS_TVM) != 0);
  }
  if (csr == CSR_STIMECMP && priv != PRIV_M) {
    return (load<u64>(hs + HART_MENVCFG) & ENVCFG_STCE) != 0 && counterAllowed(hs, 1);
  }
  return true;
}
