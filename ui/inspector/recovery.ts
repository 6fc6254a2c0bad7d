// Which drafts are offered back after the app ended: once per opening of the window, and not those
// that were put into the drafts and not touched since.
import { keep, kept } from "./kept";
import type { DraftRow } from "./phone";

/** Drafts were offered since the window was opened; those begun later were left on purpose. */
export const offered = { done: false };

type Aside = Record<string, number>;

export const aside = (row: DraftRow) => kept<Aside>("aside", {})[row.problem] === row.changed_ms;

/** `rows` are all drafts there are, so that what is no draft any more is forgotten here too. */
export function putAside(rows: DraftRow[]) {
  keep("aside", Object.fromEntries(rows.map((row) => [row.problem, row.changed_ms])));
}
