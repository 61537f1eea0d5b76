// The client's end of the wire for those who only look: a bar loads what it needs and no more.
import { EndpointServiceService } from "../proto/generated/pacpool/v1/endpoint.ts";
import { WatchServiceService } from "../proto/generated/pacpool/v1/watch.ts";
import { type ConnectionOptions, openChannel } from "./channel.ts";
import { makeClient } from "./clients.ts";

/** Opens nothing yet: the channel connects with the first call. */
export function openWatchConnection(options: ConnectionOptions) {
  const { channel, metadata, close } = openChannel(options);
  return {
    endpoints: makeClient(EndpointServiceService, channel, metadata),
    watch: makeClient(WatchServiceService, channel, metadata),
    close,
    [Symbol.dispose]: close,
  };
}

export type WatchConnection = ReturnType<typeof openWatchConnection>;
