// The five categories offered first: what the item names, what was used since the window was opened,
// then what streets show most.

const COMMON = ["B01", "B03", "A01", "C01", "B04"];
const used: string[] = [];

export function remember(code: string) {
  const at = used.indexOf(code);
  if (at >= 0) used.splice(at, 1);
  used.unshift(code);
}

/** Five codes in an order that stays while a form is open. */
export function likely(first: string): string[] {
  return [...new Set([first, ...used.slice(0, 2), ...COMMON])].filter(Boolean).slice(0, 5);
}

/** The same five, the last of them given up for a chosen one that is not among them. */
export function withChosen(five: string[], chosen: string): string[] {
  return !chosen || five.includes(chosen) ? five : [...five.slice(0, 4), chosen];
}
