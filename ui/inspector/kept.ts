// Small things this window remembers between openings, all without content: how it looks, when it last
// asked the office, how many records waited when it was locked.

export function kept<T>(key: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(`zhicha.${key}`);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

export function keep(key: string, value: unknown) {
  localStorage.setItem(`zhicha.${key}`, JSON.stringify(value));
}
