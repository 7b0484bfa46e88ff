import { MAX_CYLINDERS, MAX_GEOMETRY, MAX_HEADS, MAX_SECTORS_PER_TRACK } from "./header.ts";

export interface Geometry {
  readonly cylinders: number;
  readonly heads: number;
  readonly sectors: number;
}

export const LARGEST: Geometry = {
  cylinders: MAX_CYLINDERS,
  heads: MAX_HEADS,
  sectors: MAX_SECTORS_PER_TRACK,
};

export function sectorsIn({ cylinders, heads, sectors }: Geometry): number {
  return cylinders * heads * sectors;
}

/** The smallest geometry with at least `sectors` sectors, or the largest that there is. */
export function geometryFor(sectors: number): Geometry {
  const wanted = Math.min(MAX_GEOMETRY, sectors);
  let found: Geometry = { cylinders: 0, heads: 0, sectors: 0 };
  for (let more = 0; sectorsIn(found) < wanted; more++) found = specified(wanted + more);
  return found;
}

/** The specification's computation (appendix "CHS Calculation"), which may round down. */
function specified(sectors: number): Geometry {
  const total = Math.min(sectors, MAX_GEOMETRY);
  if (total >= MAX_CYLINDERS * 16 * 63) return divided(total, 16, 255);
  const tracks = Math.floor(total / 17);
  const heads = Math.max(4, Math.ceil(tracks / 1024));
  if (tracks < heads * 1024 && heads <= 16) return divided(total, heads, 17);
  if (Math.floor(total / 31) < 16 * 1024) return divided(total, 16, 31);
  return divided(total, 16, 63);
}

function divided(total: number, heads: number, sectors: number): Geometry {
  const cylinders = Math.floor(Math.floor(total / sectors) / heads);
  return { cylinders, heads, sectors };
}
