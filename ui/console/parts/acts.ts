// Which buttons a problem's page shows: from its state and from who looks. The server decides again.
export interface Button {
  key: string;
  main?: boolean;
  bad?: boolean;
}

const OFFICE: Record<string, Button[]> = {
  submitted: [{ key: "toReview", main: true }],
  accepted: [{ key: "toDispatch", main: true }, { key: "reopen" }],
  returned: [{ key: "reopen" }],
  rejected: [{ key: "reopen" }],
  merged: [{ key: "reopen" }],
  assigned: [
    { key: "feedback", main: true },
    { key: "sign" },
    { key: "refuse" },
    { key: "recall", bad: true },
  ],
  refused: [{ key: "reassign", main: true }, { key: "uphold" }],
  rectifying: [{ key: "feedback", main: true }, { key: "extendRequest" }, { key: "suspend" }],
  extending: [{ key: "approve", main: true }, { key: "deny" }],
  suspended: [{ key: "resume", main: true }],
  long_term: [{ key: "feedback", main: true }],
  feedback: [{ key: "recheck", main: true }],
  failed: [{ key: "sendBack", main: true }],
};

const UNIT: Record<string, Button[]> = {
  assigned: [{ key: "sign", main: true }, { key: "feedback" }, { key: "refuse" }],
  rectifying: [{ key: "feedback", main: true }, { key: "extendRequest" }],
  long_term: [{ key: "feedback", main: true }],
};

export function buttons(preset: string, state: string): Button[] {
  if (preset === "reviewer") return OFFICE[state] ?? [];
  if (preset === "unit") return UNIT[state] ?? [];
  return [];
}

/** Steps that carry nothing but a note: where they are sent, and whether the note is needed. */
export const PLAIN: Record<
  string,
  { path: string; body?: Record<string, unknown>; needed?: boolean }
> = {
  sign: { path: "sign" },
  refuse: { path: "refuse", needed: true },
  uphold: { path: "uphold" },
  recall: { path: "recall" },
  suspend: { path: "suspend", needed: true },
  resume: { path: "resume" },
  sendBack: { path: "send-back" },
  reopen: { path: "review", body: { decision: "reopen" } },
  extendRequest: { path: "extend", body: { decision: "request" }, needed: true },
  deny: { path: "extend", body: { decision: "deny" }, needed: true },
};
