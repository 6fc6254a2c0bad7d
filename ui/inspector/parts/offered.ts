/** Whether the drafts of the last time were offered back since the window was opened. */
export const offered = { done: false };
