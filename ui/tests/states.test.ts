// Every state the server can name has a look and a word.
import { describe, expect, test } from "vitest";
import zh from "../console/locales/zh.json";
import { minute } from "../shared/format";
import openapi from "../shared/openapi.json";
import { overdueDays, STATES } from "../shared/states";

const schemas = openapi.components.schemas as Record<string, { enum?: string[] }>;

describe("states", () => {
  test("are those of the server's document", () => {
    expect(Object.keys(STATES).sort()).toEqual([...(schemas.State.enum ?? [])].sort());
    expect(Object.keys(zh.state).sort()).toEqual(Object.keys(STATES).sort());
  });

  test("a day begun is a day overdue, and what was answered is not", () => {
    const hour = 3_600_000;
    expect(overdueDays("rectifying", 0, hour)).toBe(0);
    expect(overdueDays("rectifying", hour, 2 * hour)).toBe(1);
    expect(overdueDays("failed", hour, 26 * hour + 1)).toBe(2);
    expect(overdueDays("feedback", hour, 100 * hour)).toBe(0);
    expect(overdueDays("assigned", null, 100 * hour)).toBe(0);
  });

  test("times are printed in the city's zone", () => {
    expect(minute(1_772_726_400_000)).toBe("2026-03-06 00:00");
    expect(minute(null)).toBe("");
  });
});
