// Tells a page when something it shows has changed: by a server-sent event, by asking every half
// minute where those do not get through.
import { onBeforeUnmount, onMounted } from "vue";
import { quietly } from "./api";

const POLL_MS = 30_000;

export function useLive(refresh: () => void) {
  let source: EventSource | null = null;
  let timer = 0;
  const again = () => quietly(refresh);
  const poll = () => {
    window.clearInterval(timer);
    timer = window.setInterval(again, POLL_MS);
  };
  onMounted(() => {
    source = new EventSource("/v1/live");
    source.addEventListener("problems", again);
    source.addEventListener("open", () => window.clearInterval(timer));
    source.addEventListener("error", poll);
  });
  onBeforeUnmount(() => {
    source?.close();
    window.clearInterval(timer);
  });
}
