// Workflow states and sync stages as people see them: icon and colour family beside each word.
// The words themselves are in the locale files under `state.*` and `stage.*`.
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconBan,
  IconCalendarTime,
  IconCircleCheckFilled,
  IconCircleX,
  IconClipboardCheck,
  IconEyeSearch,
  IconFilePencil,
  IconGitMerge,
  IconHammer,
  IconHourglass,
  IconInfinity,
  IconPhotoCheck,
  IconPlayerPause,
  IconSend,
  IconTrash,
} from "@tabler/icons-vue";
import type { Component } from "vue";

export type Family = "primary" | "ok" | "warn" | "bad" | "mute" | "violet" | "teal";

export interface Look {
  icon: Component;
  family: Family;
}

const look = (icon: Component, family: Family): Look => ({ icon, family });

export const STATES: Record<string, Look> = {
  draft: look(IconFilePencil, "mute"),
  submitted: look(IconHourglass, "primary"),
  returned: look(IconArrowBackUp, "warn"),
  rejected: look(IconBan, "mute"),
  merged: look(IconGitMerge, "violet"),
  accepted: look(IconClipboardCheck, "primary"),
  assigned: look(IconSend, "warn"),
  refused: look(IconArrowForwardUp, "warn"),
  rectifying: look(IconHammer, "primary"),
  extending: look(IconCalendarTime, "warn"),
  suspended: look(IconPlayerPause, "violet"),
  long_term: look(IconInfinity, "teal"),
  feedback: look(IconPhotoCheck, "teal"),
  failed: look(IconCircleX, "bad"),
  closed: look(IconCircleCheckFilled, "ok"),
  look_back: look(IconEyeSearch, "teal"),
  withdrawn: look(IconTrash, "mute"),
};

/** States in which somebody still owes an answer, so that a deadline can be missed. */
const OWED = new Set(["assigned", "refused", "rectifying", "extending", "failed"]);

const DAY_MS = 24 * 3_600_000;

/** Days begun since the deadline; 0 when it is not overdue. Times in milliseconds since 1970 UTC. */
export function overdueDays(state: string, deadlineMs: number | null | undefined, nowMs: number) {
  if (!deadlineMs || !OWED.has(state)) return 0;
  return Math.max(0, Math.ceil((nowMs - deadlineMs) / DAY_MS));
}
