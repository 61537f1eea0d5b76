// The endpoints of the fleet by id, made for thousands of which a few change at a time: a change copies the page that it is
// on, not all, and the order by name is kept until somebody comes, leaves, moves or is renamed. Never changed in place.
import type { EndpointView } from "../../rpc/codec/endpoint.ts";

/** Endpoints on one page: a burst of a hundred changes copies some dozens of pages of that size at most. */
const PAGE = 128;

/** Who there is, as long as nobody comes or goes: what is derived from it alone is kept here. */
interface Roster {
  readonly places: ReadonlyMap<string, number>;
  readonly orders: Map<string, readonly string[]>;
  /** By pool; filled for all pools at once, because there may be a thousand. */
  readonly members: Map<string, EndpointView[]>;
}

export class Roll implements ReadonlyMap<string, EndpointView> {
  readonly #roster: Roster;
  readonly #pages: readonly (readonly EndpointView[])[];

  constructor(roster: Roster, pages: readonly (readonly EndpointView[])[]) {
    this.#roster = roster;
    this.#pages = pages;
  }

  get size(): number {
    return this.#roster.places.size;
  }

  has(id: string): boolean {
    return this.#roster.places.has(id);
  }

  get(id: string): EndpointView | undefined {
    const place = this.#roster.places.get(id);
    return place === undefined ? undefined : this.#pages[Math.floor(place / PAGE)]?.[place % PAGE];
  }

  /** Ids by name, of a pool or of all: the same array until somebody comes, leaves, moves or is renamed. */
  sortedIds(poolId = ""): readonly string[] {
    const { orders, members } = this.#roster;
    const known = orders.get(poolId);
    if (known !== undefined) return known;
    if (members.size === 0) for (const one of this.values()) join(members, one);
    const found = byName(poolId === "" ? [...this.values()] : (members.get(poolId) ?? []));
    orders.set(poolId, found);
    return found;
  }

  /** With these in their newest states, or undefined for who is gone. */
  with(changes: ReadonlyMap<string, EndpointView | undefined>): Roll {
    if (changes.size === 0) return this;
    if (!this.#keepsRoster(changes)) return rollOf(merged(this, changes));
    const pages = [...this.#pages];
    for (const [id, endpoint] of changes) {
      const place = this.#roster.places.get(id) ?? 0;
      const at = Math.floor(place / PAGE);
      const page = pages[at];
      if (page === undefined || endpoint === undefined) continue;
      pages[at] = page.with(place % PAGE, endpoint);
    }
    return new Roll(this.#roster, pages);
  }

  #keepsRoster(changes: ReadonlyMap<string, EndpointView | undefined>): boolean {
    return changes.entries().every(([id, now]) => {
      const before = this.get(id);
      return before !== undefined && before.name === now?.name && before.poolId === now.poolId;
    });
  }

  *values(): MapIterator<EndpointView> {
    for (const page of this.#pages) yield* page;
  }

  *keys(): MapIterator<string> {
    yield* this.#roster.places.keys();
  }

  *entries(): MapIterator<[string, EndpointView]> {
    for (const endpoint of this.values()) yield [endpoint.id, endpoint];
  }

  [Symbol.iterator](): MapIterator<[string, EndpointView]> {
    return this.entries();
  }

  forEach(visit: (endpoint: EndpointView, id: string, roll: ReadonlyMap<string, EndpointView>) => void): void {
    for (const [id, endpoint] of this) visit(endpoint, id, this);
  }
}

export function rollOf(endpoints: Iterable<EndpointView>): Roll {
  const places = new Map<string, number>();
  const pages: EndpointView[][] = [];
  for (const endpoint of endpoints) {
    const place = places.size;
    places.set(endpoint.id, place);
    if (place % PAGE === 0) pages.push([]);
    pages.at(-1)?.push(endpoint);
  }
  return new Roll({ places, orders: new Map(), members: new Map() }, pages);
}

/** The order by name of any map of endpoints; of a roll it is the same array from call to call. */
export function sortedIds(endpoints: ReadonlyMap<string, EndpointView>, poolId = ""): readonly string[] {
  if (endpoints instanceof Roll) return endpoints.sortedIds(poolId);
  return byName([...endpoints.values()].filter((one) => poolId === "" || one.poolId === poolId));
}

function byName(endpoints: readonly EndpointView[]): readonly string[] {
  return endpoints.toSorted((one, other) => (one.name < other.name ? -1 : 1)).map(({ id }) => id);
}

function join(members: Map<string, EndpointView[]>, endpoint: EndpointView): void {
  const pool = members.get(endpoint.poolId);
  if (pool === undefined) members.set(endpoint.poolId, [endpoint]);
  else pool.push(endpoint);
}

function* merged(roll: Roll, changes: ReadonlyMap<string, EndpointView | undefined>): Generator<EndpointView> {
  for (const [id, endpoint] of roll) {
    if (!changes.has(id)) yield endpoint;
    else {
      const now = changes.get(id);
      if (now !== undefined) yield now;
    }
  }
  for (const [id, endpoint] of changes) if (endpoint !== undefined && !roll.has(id)) yield endpoint;
}
