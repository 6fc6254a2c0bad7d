// What an answer says of its item.
import type { Item, Outcome } from "./phone";

/** The answer names a defect. A quantity is held against a standard in words, so it names none. */
export function isBad(outcome: Outcome | null): boolean {
  switch (outcome?.is) {
    case "grade":
      return outcome.grade === "non_compliant";
    case "yes_no":
      return !outcome.ok;
    case "ratio":
      return outcome.passed < outcome.sampled;
    case "count":
      return outcome.count > 0;
    default:
      return false;
  }
}

export const seen = (item: Item) => item.outcome !== null && item.outcome.is !== "unobserved";
