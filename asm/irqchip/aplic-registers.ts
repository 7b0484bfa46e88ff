/**
 * The control regions of the APLIC's domains (AIA 1.0 §4.5, §4.8.1): decoding of 32-bit accesses.
 *
 *     0x0000 domaincfg           0x1bc0 mmsiaddrcfg, mmsiaddrcfgh, smsiaddrcfg, smsiaddrcfgh
 *     0x0004 sourcecfg[1…]       0x1c00 setip, setipnum       0x1d00 in_clrip, clripnum
 *     0x2000 setipnum_le, _be    0x1e00 setie, setienum       0x1f00 clrie, clrienum
 *     0x3000 genmsi              0x3004 target[1…]            0x4000 + 0x20 n  IDC of hart n
 *
 * The caller holds the irqchip's lock.
 */
import {
  APLIC_DOMAIN_DOMAINCFG,
  APLIC_DOMAIN_ENABLED,
  APLIC_DOMAIN_GENMSI,
  APLIC_DOMAIN_IDELIVERY,
  APLIC_DOMAIN_IFORCE,
  APLIC_DOMAIN_ITHRESHOLD,
  APLIC_DOMAIN_MSIADDRCFG,
  APLIC_DOMAIN_MSIADDRCFGH,
  APLIC_DOMAIN_PENDING,
  APLIC_DOMAIN_SOURCECFG,
  APLIC_DOMAIN_TARGET,
  APLIC_SOURCES,
  APLIC_WORDS,
  CONTROL_BASE,
  CONTROL_HARTS,
} from "../generated/layout";
import { hasImsic } from "./aia";
import {
  DOMAIN_IE,
  MACHINE,
  PRIORITY_MASK,
  SUPERVISOR,
  claimInterrupt,
  configureSource,
  fieldAt,
  rectifiedWord,
  requestClear,
  requestPending,
  sendMsi,
  setEnabled,
  setTarget,
  topInterrupt,
  updateDomain,
  updateHart,
} from "./aplic";

const SOURCES: u32 = <u32>APLIC_SOURCES;
const WORDS: u32 = <u32>APLIC_WORDS;

const MSIADDRCFG_AT: u32 = 0x1bc0;
const SETIP_AT: u32 = 0x1c00;
const IN_CLRIP_AT: u32 = 0x1d00;
const SETIE_AT: u32 = 0x1e00;
const CLRIE_AT: u32 = 0x1f00;
const SETIPNUM_LE_AT: u32 = 0x2000;
const SETIPNUM_BE_AT: u32 = 0x2004;
const GENMSI_AT: u32 = 0x3000;
const IDC_AT: u32 = 0x4000;
/** Of setip, in_clrip, setie and clrie: where the register that takes a number lies behind the words. */
const NUMBER_AT: u32 = 0xdc;

const IDC_IDELIVERY: u32 = 0x00;
const IDC_IFORCE: u32 = 0x04;
const IDC_ITHRESHOLD: u32 = 0x08;
const IDC_TOPI: u32 = 0x18;
const IDC_CLAIMI: u32 = 0x1c;

/** domaincfg: bits 31–24, and DM, which the machine decides. */
const DOMAIN_FIXED: u32 = 0x8000_0000;
const DOMAIN_DM: u32 = 1 << 2;
const MSIADDRCFGH_LOCK: u32 = 0x8000_0000;
/** L HHXS LHXS HHXW LHXW and the high base PPN; of smsiaddrcfgh LHXS and the high base PPN. */
const MMSIADDRCFGH: u32 = 0x9f77_ffff;
const SMSIADDRCFGH: u32 = 0x0070_0fff;
/** Hart index and EIID. */
const GENMSI: u32 = 0xfffc_07ff;

function readDomaincfg(domain: u32): u32 {
  const ie = load<u32>(fieldAt(domain, APLIC_DOMAIN_DOMAINCFG));
  return ie | DOMAIN_FIXED | (hasImsic() ? DOMAIN_DM : 0);
}

/** mmsiaddrcfg to smsiaddrcfgh are the root domain's, of an APLIC that sends MSIs (§4.5.3). */
function msiaddrcfgAt(domain: u32, offset: u32): usize {
  const register = (offset - MSIADDRCFG_AT) >> 2;
  if (domain != MACHINE || !hasImsic() || register > 3) return 0;
  const field = register & 1 ? APLIC_DOMAIN_MSIADDRCFGH : APLIC_DOMAIN_MSIADDRCFG;
  return fieldAt(register & 2 ? SUPERVISOR : MACHINE, field);
}

function writeMsiaddrcfg(domain: u32, offset: u32, value: u32): void {
  const at = msiaddrcfgAt(domain, offset);
  if (!at || load<u32>(fieldAt(MACHINE, APLIC_DOMAIN_MSIADDRCFGH)) & MSIADDRCFGH_LOCK) return;
  const high = ((offset >> 2) & 1) != 0;
  const mask = offset & 8 ? SMSIADDRCFGH : MMSIADDRCFGH;
  store<u32>(at, high ? value & mask : value);
}

/** The registers at 0x1bc0 to 0x1fff that can be read as something but zero. */
function readBits(domain: u32, offset: u32): u32 {
  if (offset < SETIP_AT) {
    const at = msiaddrcfgAt(domain, offset);
    return at ? load<u32>(at) : 0;
  }
  const word = (offset & 0xff) >> 2;
  if (word >= WORDS) return 0;
  switch (offset & ~0xff) {
    case SETIP_AT:
      return load<u32>(fieldAt(domain, APLIC_DOMAIN_PENDING, word));
    case IN_CLRIP_AT:
      return rectifiedWord(domain, word);
    case SETIE_AT:
      return load<u32>(fieldAt(domain, APLIC_DOMAIN_ENABLED, word));
    default:
      return 0;
  }
}

/** Does for one source what a register at `array` asks for. */
function act(domain: u32, array: u32, source: u32): void {
  if (array == SETIP_AT) requestPending(domain, source);
  else if (array == IN_CLRIP_AT) requestClear(domain, source);
  else setEnabled(domain, source, array == SETIE_AT);
}

function writeBits(domain: u32, offset: u32, value: u32): void {
  const array = offset & ~0xff;
  const at = offset & 0xff;
  if (at == NUMBER_AT) {
    act(domain, array, value);
  } else if (at >> 2 < WORDS) {
    for (let bits = value; bits; bits &= bits - 1) act(domain, array, (at << 3) + <u32>ctz(bits));
  }
}

/** The hart of an IDC register; a number that no hart has where there is none. */
function idcHart(offset: u32): u32 {
  return hasImsic() ? ~0 : (offset - IDC_AT) >> 5;
}

function readIdc(domain: u32, offset: u32): u32 {
  const hart = idcHart(offset);
  if (hart >= load<u32>(CONTROL_BASE + CONTROL_HARTS)) return 0;
  switch (offset & 31) {
    case IDC_IDELIVERY:
      return load<u32>(fieldAt(domain, APLIC_DOMAIN_IDELIVERY, hart));
    case IDC_IFORCE:
      return load<u32>(fieldAt(domain, APLIC_DOMAIN_IFORCE, hart));
    case IDC_ITHRESHOLD:
      return load<u32>(fieldAt(domain, APLIC_DOMAIN_ITHRESHOLD, hart));
    case IDC_TOPI:
      return topInterrupt(domain, hart);
    case IDC_CLAIMI:
      return claimInterrupt(domain, hart);
    default:
      return 0;
  }
}

function writeIdc(domain: u32, offset: u32, value: u32): void {
  const hart = idcHart(offset);
  if (hart >= load<u32>(CONTROL_BASE + CONTROL_HARTS)) return;
  switch (offset & 31) {
    case IDC_IDELIVERY:
      store<u32>(fieldAt(domain, APLIC_DOMAIN_IDELIVERY, hart), value & 1);
      break;
    case IDC_IFORCE:
      store<u32>(fieldAt(domain, APLIC_DOMAIN_IFORCE, hart), value & 1);
      break;
    case IDC_ITHRESHOLD:
      store<u32>(fieldAt(domain, APLIC_DOMAIN_ITHRESHOLD, hart), value & PRIORITY_MASK);
      break;
    default:
      return;
  }
  updateHart(domain, hart);
}

/** Reads the 32-bit register at `offset`, a multiple of 4, of a domain. */
export function aplicRead(domain: u32, offset: u32): u32 {
  if (offset == 0) return readDomaincfg(domain);
  if (offset < 4 * SOURCES) return load<u32>(fieldAt(domain, APLIC_DOMAIN_SOURCECFG, offset >> 2));
  if (offset >= MSIADDRCFG_AT && offset < SETIPNUM_LE_AT) return readBits(domain, offset);
  if (offset < GENMSI_AT) return 0;
  if (offset == GENMSI_AT) return load<u32>(fieldAt(domain, APLIC_DOMAIN_GENMSI));
  if (offset >= IDC_AT) return readIdc(domain, offset);
  const source = (offset - GENMSI_AT) >> 2;
  return source < SOURCES ? load<u32>(fieldAt(domain, APLIC_DOMAIN_TARGET, source)) : 0;
}

/** An extempore MSI leaves at once: Busy is never seen (§4.5.15). */
function writeGenmsi(domain: u32, value: u32): void {
  if (!hasImsic()) return;
  store<u32>(fieldAt(domain, APLIC_DOMAIN_GENMSI), value & GENMSI);
  sendMsi(domain, value);
}

/** Writes the 32-bit register at `offset`, a multiple of 4, of a domain. */
export function aplicWrite(domain: u32, offset: u32, value: u32): void {
  if (offset == 0) {
    store<u32>(fieldAt(domain, APLIC_DOMAIN_DOMAINCFG), value & DOMAIN_IE);
    updateDomain(domain);
  } else if (offset < 4 * SOURCES) {
    configureSource(domain, offset >> 2, value);
  } else if (offset < MSIADDRCFG_AT) {
    return;
  } else if (offset < SETIP_AT) {
    writeMsiaddrcfg(domain, offset, value);
  } else if (offset < SETIPNUM_LE_AT) {
    writeBits(domain, offset, value);
  } else if (offset == SETIPNUM_LE_AT) {
    requestPending(domain, value);
  } else if (offset == SETIPNUM_BE_AT) {
    requestPending(domain, bswap<u32>(value));
  } else if (offset == GENMSI_AT) {
    writeGenmsi(domain, value);
  } else if (offset >= IDC_AT) {
    writeIdc(domain, offset, value);
  } else if (offset > GENMSI_AT) {
    setTarget(domain, (offset - GENMSI_AT) >> 2, value);
  }
}
