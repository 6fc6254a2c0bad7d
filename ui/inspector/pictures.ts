// Pictures: shown from the vault by this window's own scheme, handed to it in parts.
import { call, type Fix, onAndroid } from "./phone";

/** Where a picture of the vault is shown from. */
export function picture(photo: string, rendition: "original" | "preview" | "thumbnail"): string {
  // Windows and Android web views know custom schemes only as a host of http.
  const asHost = navigator.userAgent.includes("Windows") || onAndroid();
  const base = asHost ? "http://photo.localhost" : "photo://localhost";
  return `${base}/${photo}/${rendition}`;
}

const PART = 384 * 1024;

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}

export interface NewPhoto {
  problem: string;
  file: File;
  shot: string;
  fix: Fix | null;
  keepAsAttachment: boolean;
}

/** Hands a file to the vault in parts, with the hash of the whole; gives the photo's id. */
export async function addPhoto(given: NewPhoto): Promise<string> {
  const { problem, file, shot, fix, keepAsAttachment } = given;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = [...digest].map((b) => b.toString(16).padStart(2, "0")).join("");
  const key = await call<string>("photo_open");
  for (let at = 0; at < bytes.length; at += PART) {
    await call("photo_part", { key, part: base64(bytes.subarray(at, at + PART)) });
  }
  return call<string>("photo_close", { key, sha256, problem, shot, keepAsAttachment, fix });
}
