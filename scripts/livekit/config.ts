/** The configuration file of a LiveKit server that serves this machine only. */

export interface LiveKitPorts {
  /** HTTP and WebSocket. */
  readonly port: number;
  /** Media over TCP. */
  readonly rtcTcpPort: number;
  /** Media over UDP, all of it through one port. */
  readonly udpPort: number;
}

export interface LiveKitConfig extends LiveKitPorts {
  readonly apiKey: string;
  /** At least 32 characters: shorter ones make LiveKit complain. */
  readonly apiSecret: string;
  /** Receives the webhooks, signed with the key above. */
  readonly webhookUrl: string;
  /** `host:port` of a Redis; without one there is no SIP API. */
  readonly redisAddress?: string;
}

/** A room that nobody joined goes after so many seconds… */
const EMPTY_TIMEOUT_S = 60;
/** …and one that everybody left after so many. */
const DEPARTURE_TIMEOUT_S = 10;

/** The file's text. JSON is YAML, so nothing needs to be escaped by hand. */
export function liveKitConfig({
  port,
  rtcTcpPort,
  udpPort,
  apiKey,
  apiSecret,
  webhookUrl,
  redisAddress,
}: LiveKitConfig): string {
  const config = {
    port,
    bind_addresses: ['127.0.0.1'],
    rtc: { tcp_port: rtcTcpPort, udp_port: udpPort, use_external_ip: false, node_ip: '127.0.0.1' },
    keys: { [apiKey]: apiSecret },
    logging: { level: 'info', json: true },
    room: { empty_timeout: EMPTY_TIMEOUT_S, departure_timeout: DEPARTURE_TIMEOUT_S },
    ...(redisAddress === undefined ? {} : { redis: { address: redisAddress } }),
    webhook: { api_key: apiKey, urls: [webhookUrl] },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
