/** Encryption of an image's payload, by sectors, in place. */
export interface Cipher {
  /** Bytes per sector: requests are multiples of it. */
  readonly sectorBytes: number;
  /** Sectors are numbered by their place in the file, else by the guest's. */
  readonly byHostOffset: boolean;
  encrypt(offset: number, bytes: Uint8Array): void;
  decrypt(offset: number, bytes: Uint8Array): void;
}
