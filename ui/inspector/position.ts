// One position at the opening of the capture screen, where the phone can give one. No tracking, and
// no position never stops a record: its place is then written in words.
import { call, type Fix, onAndroid } from "./phone";

/** A fix worse than this is called 较差. */
export const POOR_M = 30;

export function quality(fix: Fix | null | undefined): "none" | "poor" | "good" {
  if (!fix) return "none";
  return fix.acc_m === undefined || fix.acc_m > POOR_M ? "poor" : "good";
}

/** The position now; `null` when it is declined, switched off or not found in time. */
export async function position(): Promise<Fix | null> {
  try {
    // A computer has no receiver; what the window itself was told, it says.
    if (!onAndroid()) return await call<Fix | null>("position");
    const geo = await import("@tauri-apps/plugin-geolocation");
    let allowed = (await geo.checkPermissions()).location;
    if (allowed !== "granted") {
      allowed = (await geo.requestPermissions(["location"])).location;
    }
    if (allowed !== "granted") return null;
    const found = await geo.getCurrentPosition({
      enableHighAccuracy: true,
      timeout: 10_000,
      maximumAge: 0,
    });
    const { latitude, longitude, accuracy } = found.coords;
    return {
      lat: latitude,
      lon: longitude,
      acc_m: accuracy,
      datum: "WGS-84",
      provider: "system",
      age_ms: Math.max(0, Math.round(Date.now() - found.timestamp)),
      simulated: false,
    };
  } catch {
    return null;
  }
}
