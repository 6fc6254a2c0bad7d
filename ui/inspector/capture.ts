// A problem begins as a draft on disk, before a photo is taken or a word is written.
import { call, type Draft } from "./phone";

export function blank(over: Partial<Draft>): Draft {
  return {
    category: "",
    note: "",
    place: "",
    item: "",
    visit: null,
    site: null,
    severity: "normal",
    class: "",
    missing_shot: "",
    ...over,
  };
}

export function begin(over: Partial<Draft>): Promise<string> {
  return call<string>("problem_begin", { draft: blank(over) });
}
