// The 94 categories and the classes of deadline, read once.
import { ref } from "vue";
import { type Catalog, type Category, call } from "./phone";

export const catalog = ref<Catalog>({ categories: [], classes: [] });
let asked: Promise<void> | null = null;

export function loadCatalog(): Promise<void> {
  asked ??= call<Catalog>("catalog").then(
    (found) => {
      catalog.value = found;
    },
    (error) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}

export function category(code: string): Category | undefined {
  return catalog.value.categories.find((c) => c.code === code);
}

/** The category's name; its code while the table is not here. */
export const kind = (code: string) => category(code)?.zh ?? code;

/** The first of its names, for a chip: 店外经营 of 店外经营/占道经营. */
export const shortKind = (code: string) => kind(code).split(/[/(、（]/, 1)[0];

export const className = (code: string) =>
  catalog.value.classes.find((c) => c.code === code)?.zh ?? code;
