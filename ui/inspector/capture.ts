// A problem begins as a draft on disk, before a photo is taken or a word is written; every change
// follows in order, and what could not be stored is tried again before 完成.
import { ref } from "vue";
import { call, type Draft, type DraftRow, words } from "./phone";
import { refreshStrip } from "./strip";

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

/** Nothing was put into it yet, so nothing is lost when it is used for something else. */
export function untouched({ draft, photos }: DraftRow): boolean {
  return !photos.length && !draft.category && !draft.note && !draft.place && !draft.missing_shot;
}

/** A draft to record into. One left untouched is taken again, so that empty ones do not gather. */
export async function begin(over: Partial<Draft>): Promise<string> {
  const draft = blank(over);
  const free = (await call<DraftRow[]>("drafts")).find(
    (row) => untouched(row) && row.draft.visit === draft.visit && row.draft.item === draft.item,
  );
  if (free && !over.category) return free.problem;
  const problem = await call<string>("problem_begin", { draft });
  void refreshStrip();
  return problem;
}

/** Stores the changes of one draft, one after the other. */
export function keeper(problem: string) {
  const wrong = ref("");
  let chain: Promise<void> = Promise.resolve();
  let missing: Draft | null = null;

  function store(draft: Draft) {
    const now: Draft = JSON.parse(JSON.stringify(draft));
    chain = chain.then(async () => {
      try {
        await call<void>("problem_change", { problem, draft: now });
        missing = null;
        wrong.value = "";
        void refreshStrip();
      } catch (error) {
        missing = now;
        wrong.value = words(error);
      }
    });
  }

  /** Whether everything typed is on disk; what failed is tried once more. */
  async function settled(): Promise<boolean> {
    await chain;
    if (missing) {
      store(missing);
      await chain;
    }
    return missing === null;
  }

  return { store, settled, wrong };
}
