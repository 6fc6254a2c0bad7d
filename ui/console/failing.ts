// A failure in the reader's language.

import { Failure } from "./api";
import { i18n } from "./i18n";
import { say } from "./toast";

export function words(error: unknown): string {
  if (error instanceof Failure) return i18n.global.locale.value === "en" ? error.en : error.zh;
  return String(error);
}

/** Runs a step; says why when it fails. Gives whether it was done. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    say(words(error), { bad: true });
    return false;
  }
}
