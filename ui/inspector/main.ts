import "@shared/tokens.css";
import "./inspector.css";
import "./vant.css";
import { createApp } from "vue";
import App from "./App.vue";
import { applyDisplay } from "./display";
import { i18n, showLocale } from "./i18n";
import { router } from "./router";

showLocale();
applyDisplay();
createApp(App).use(i18n).use(router).mount("#app");
// The first page stands: what `make bench` measures the start to.
router.isReady().then(() => performance.mark("ready"));
