// The words every form chooses from, asked for once.
import { defineStore } from "pinia";
import { ref } from "vue";
import { get, type Schemas } from "./api";

export const useCatalog = defineStore("catalog", () => {
  const catalog = ref<Schemas["Catalog"] | null>(null);
  const units = ref<Schemas["Unit"][]>([]);

  async function load() {
    if (!catalog.value) catalog.value = (await get<Schemas["Catalog"]>("/v1/catalog")).body;
  }
  async function loadUnits() {
    units.value = (await get<Schemas["Units"]>("/v1/units")).body.units;
  }

  const category = (code: string) => catalog.value?.categories.find((c) => c.code === code);
  const categoryName = (code: string) => {
    const found = category(code);
    return found ? `${found.zh} ${found.code}` : code;
  };
  const siteType = (code: string) =>
    catalog.value?.site_types.find((s) => s.code === code)?.zh ?? code;
  const className = (code: string) =>
    catalog.value?.deadline_classes.find((c) => c.code === code)?.zh ?? code;
  return { catalog, units, load, loadUnits, category, categoryName, siteType, className };
});
