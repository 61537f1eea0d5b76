// Which rows a typed filter leaves: every word of it must occur in the row's text.
import type { EndpointView } from "../../rpc/codec/endpoint.ts";

export function matches(text: string, filter: string): boolean {
  if (filter === "") return true;
  const inText = text.toLowerCase();
  return filter
    .toLowerCase()
    .split(" ")
    .every((word) => inText.includes(word));
}

/** What an endpoint can be found by: its name, status, presence and labels. */
export function endpointText(endpoint: EndpointView): string {
  const labels = Object.entries(endpoint.labels).map(([name, value]) => `${name}=${value}`);
  const presence = endpoint.isOnline ? "online" : "asleep";
  const reboot = endpoint.isRebootRequired ? "reboot" : "";
  return `${endpoint.name} ${endpoint.status} ${presence} ${reboot} ${labels.join(" ")}`;
}
