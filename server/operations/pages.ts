// Page tokens: where the next page begins, unreadable enough that nobody makes one by hand.
import { invalidField } from "../../domain/refusal.ts";
import type { Page, PageOf } from "./records.ts";

/** The place after which a page begins; undefined for the first. Refuses a token that is none of ours. */
export function pageStart(page: Page): string | undefined {
  if (page.token === undefined) return undefined;
  const text = Buffer.from(page.token, "base64url").toString("utf8");
  if (!text.startsWith(PREFIX) || Buffer.from(text).toString("base64url") !== page.token || text.includes("\u0000")) {
    throw invalidField("page_token", page.token, "the token of the page before, unchanged");
  }
  return text.slice(PREFIX.length);
}

const PREFIX = "after ";

/** Items were read with one more than the page has: that one tells whether there is a next page. */
export function pageOf<Item>(page: Page, items: readonly Item[], placeOf: (item: Item) => string): PageOf<Item> {
  const shown = items.slice(0, page.size);
  const last = shown.at(-1);
  if (items.length <= page.size || last === undefined) return { items: shown, nextToken: undefined };
  return { items: shown, nextToken: tokenOf(placeOf(last)) };
}

/** The token of the page that begins after a place. */
export function tokenOf(place: string): string {
  return Buffer.from(`${PREFIX}${place}`).toString("base64url");
}
