// Pages of problems as the list grows downwards; a later question makes earlier answers void.
import { ref } from "vue";
import { call, type ProblemRow } from "./phone";

export const PAGE = 40;

export function problemPages() {
  const rows = ref<ProblemRow[]>([]);
  const more = ref(true);
  const loading = ref(false);
  const failed = ref(false);
  let turn = 0;

  async function read(words: string, waiting: boolean, from: ProblemRow[]) {
    const mine = ++turn;
    const last = from.at(-1);
    loading.value = true;
    failed.value = false;
    try {
      const page = await call<ProblemRow[]>("problems", {
        words,
        waiting,
        after: last ? { changed_ms: last.changed_ms, problem: last.problem } : null,
      });
      if (mine !== turn) return;
      rows.value = [...from, ...page];
      more.value = page.length === PAGE;
    } catch {
      if (mine === turn) failed.value = true;
    }
    if (mine === turn) loading.value = false;
  }
  return { rows, more, loading, failed, read };
}
